package dev.potluck.wire;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.potluck.content.ContentId;
import dev.potluck.content.DeniedException;
import dev.potluck.content.Name;
import dev.potluck.content.PotluckException;
import dev.potluck.content.UnavailableException;
import dev.potluck.directory.Changes;
import dev.potluck.directory.PeerId;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Who is let in at either port, and who is not.
final class HandshakeTest {
  private static final Duration SOON = Duration.ofSeconds(10);

  private final WireThreads threads = new WireThreads();
  private final MemorySource source = new MemorySource();
  private TestParty party;
  private TestParty others;
  private Identity host;
  private FakeDirectory directory;
  private WireServer control;
  private BulkServer bulk;
  private ContentId content;

  @BeforeEach
  void start(@TempDir Path folder) throws IOException {
    party = new TestParty(folder.resolve("a"));
    others = new TestParty(folder.resolve("b"));
    host = party.member();
    content = source.add(new byte[] {1, 2, 3});
    directory = new FakeDirectory(party.authority);
    directory.entries.put(Name.of("x"), FakeDirectory.entry("x", 1));
    listen(party.tls(host));
  }

  private void listen(PartyTls tls) throws IOException {
    control =
        WireServer.start(
            threads, tls, TestParty.LOOPBACK, directory, new FakePeer(), new FakePeer());
    bulk = BulkServer.start(threads, tls, TestParty.LOOPBACK, source, new FakePeer());
  }

  private void reopen(PartyTls tls) throws IOException {
    control.close();
    bulk.close();
    listen(tls);
  }

  @AfterEach
  void stop() {
    control.close();
    bulk.close();
    threads.close();
  }

  private void find(PartyTls tls) {
    try (var client = new DirectoryClient(threads, tls, List.of(TestParty.at(control.port())))) {
      assertThat(client.find(Name.of("x"), SOON).entry().revision()).isEqualTo(1);
    }
  }

  private TransferOutcome fetch(PartyTls tls, PeerId expected) throws InterruptedException {
    try (var client = new BulkClient(threads, tls)) {
      return client
          .fetch(
              TestParty.at(bulk.port()),
              expected,
              content,
              0,
              3,
              (_, bytes) -> bytes.position(bytes.limit()))
          .await();
    }
  }

  private void assertRefused(PartyTls tls, String why) throws InterruptedException {
    assertThatThrownBy(() -> find(tls))
        .isInstanceOf(DeniedException.class)
        .hasMessageContaining(why);
    assertThat(fetch(tls, host.id()))
        .isInstanceOfSatisfying(
            TransferOutcome.Refused.class, refused -> assertThat(refused.why()).contains(why));
  }

  @Test
  void membersAreIn() throws Exception {
    PartyTls tls = party.tls();

    find(tls);

    assertThat(fetch(tls, host.id())).isInstanceOf(TransferOutcome.Complete.class);
  }

  @Test
  void anotherPartysMembersAreOut() throws Exception {
    assertRefused(others.tls(), "not who was expected");
  }

  @Test
  void whoTrustsUsButIsOfAnotherPartyIsToldSo() throws Exception {
    Identity intruder = others.member();
    PartyTls gullible = TestParty.trustingAnyone(intruder);

    assertRefused(gullible, "not of that party");
  }

  @Test
  void expiredCertificatesAreOut() throws Exception {
    Identity late = party.stranger();
    var then =
        Authority.loadOrCreate(
            party.folder(), TestParty.at(Instant.now().minus(Duration.ofDays(91))));
    late.install(then.issue(late.request()));

    assertRefused(party.tls(late), "certificate has expired");
  }

  @Test
  void aRenewedCertificateIsUsedFromTheNextHandshakeOn() throws Exception {
    Identity late = party.stranger();
    var then =
        Authority.loadOrCreate(
            party.folder(), TestParty.at(Instant.now().minus(Duration.ofDays(91))));
    late.install(then.issue(late.request()));
    PartyTls tls = party.tls(late);
    assertRefused(tls, "certificate has expired");

    late.install(party.authority.issue(late.request()));

    find(tls);
    assertThat(fetch(tls, host.id())).isInstanceOf(TransferOutcome.Complete.class);
  }

  @Test
  void theExpelledAreOutAtTheNextHandshake() throws Exception {
    Identity gone = party.member();
    party.denied.add(gone.id());

    assertRefused(TestParty.trustingAnyone(gone), "expelled");
  }

  @Test
  void runningConnectionsOfTheExpelledEnd() throws Exception {
    Identity gone = party.member();
    var lost = new CompletableFuture<String>();
    try (var client =
            new DirectoryClient(
                threads, TestParty.trustingAnyone(gone), List.of(TestParty.at(control.port())));
        var fetching = new BulkClient(threads, TestParty.trustingAnyone(gone))) {
      client.watch(1, 1, watching(lost), SOON);
      fetching.fetch(TestParty.at(bulk.port()), host.id(), content, 0, 3, (_, _) -> {}).await();

      party.denied.add(gone.id());
      control.disconnect(gone.id());
      bulk.disconnect(gone.id());

      assertThat(lost.get(30, SECONDS)).isNotEmpty();
      await().until(() -> bulk.connections() == 0);
      assertThatThrownBy(() -> client.find(Name.of("x"), SOON)).isInstanceOf(DeniedException.class);
    }
  }

  private static WatchEvents watching(CompletableFuture<String> lost) {
    return new WatchEvents() {
      @Override
      public void began(long incarnation) {}

      @Override
      public void changes(Changes changes) {}

      @Override
      public void lost(String why) {
        lost.complete(why);
      }
    };
  }

  @Test
  void aHolderWithAnotherIdThanExpectedIsRefused() throws Exception {
    PartyTls tls = party.tls();

    assertThat(fetch(tls, party.member().id()))
        .isInstanceOfSatisfying(
            TransferOutcome.Refused.class,
            refused -> assertThat(refused.why()).contains(host.id().text()));
  }

  @Test
  void aCertificateForAnotherKeyIsNotInstalled() throws Exception {
    Identity one = party.stranger();
    Identity two = party.stranger();

    assertThatThrownBy(() -> one.install(party.authority.issue(two.request())))
        .isInstanceOf(DeniedException.class);
    assertThatThrownBy(() -> host.install(others.authority.issue(host.request())))
        .isInstanceOf(DeniedException.class);
  }

  @Test
  void inAnOpenPartyAnyoneIsIn() throws Exception {
    reopen(TestParty.open(host));
    PartyTls tls = TestParty.open(party.stranger());

    find(tls);

    assertThat(fetch(tls, host.id())).isInstanceOf(TransferOutcome.Complete.class);
    assertThat(fetch(tls, party.stranger().id())).isInstanceOf(TransferOutcome.Refused.class);
  }

  @Test
  void openAndClosedPartiesNeverMix() throws Exception {
    PartyTls open = TestParty.open(party.stranger());
    assertThatThrownBy(() -> find(open)).isInstanceOf(PotluckException.class);
    assertThat(fetch(open, host.id())).isInstanceOf(TransferOutcome.Refused.class);

    reopen(TestParty.open(host));

    assertThatThrownBy(() -> find(party.tls())).isInstanceOf(PotluckException.class);
    assertThat(fetch(party.tls(), host.id())).isInstanceOf(TransferOutcome.Refused.class);
  }

  @Test
  void anOpenPartyHasNoEnrolment() throws Exception {
    Ticket ticket = party.ticket(control.port());
    reopen(TestParty.open(host));
    Ticket here =
        new Ticket(
            List.of(TestParty.at(control.port())),
            ticket.authority(),
            ticket.id(),
            ticket.expires(),
            ticket.secret());

    assertThatThrownBy(
            () ->
                DirectoryClient.enrol(
                    threads, party.stranger(), here, InstantSource.system(), SOON))
        .isInstanceOfAny(DeniedException.class, UnavailableException.class);
  }
}
