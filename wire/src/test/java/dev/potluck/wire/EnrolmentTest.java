package dev.potluck.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.potluck.content.DeniedException;
import dev.potluck.content.PotluckException;
import dev.potluck.content.UnavailableException;
import dev.potluck.content.UsageException;
import dev.potluck.directory.Endpoint;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Tickets, and how a machine comes in with one.
final class EnrolmentTest {
  private static final Duration SOON = Duration.ofSeconds(10);

  private final WireThreads threads = new WireThreads();
  private Path folder;
  private TestParty party;
  private WireServer server;

  @BeforeEach
  void start(@TempDir Path temporary) throws IOException {
    folder = temporary;
    party = new TestParty(folder.resolve("a"));
    server = serve(party);
  }

  private WireServer serve(TestParty of) throws IOException {
    return WireServer.start(
        threads,
        of.tls(),
        TestParty.LOOPBACK,
        new FakeDirectory(of.authority),
        new FakePeer(),
        new FakePeer());
  }

  @AfterEach
  void stop() {
    server.close();
    threads.close();
  }

  private Credential enrol(Identity identity, Ticket ticket) {
    return DirectoryClient.enrol(threads, identity, ticket, InstantSource.system(), SOON);
  }

  @Test
  void aTicketIsItsText() {
    Ticket ticket =
        party.authority.invite(
            List.of(new Endpoint("host.example", 7_420), new Endpoint("::1", 65_535)),
            Duration.ofDays(1));

    assertThat(Ticket.parse(ticket.encode())).isEqualTo(ticket);
    assertThat(ticket.encode()).matches("potluck1[A-Za-z0-9_-]+");
    assertThat(ticket.toString()).doesNotContain(ticket.secret());
    assertThat(Ticket.looksLikeTicket(ticket.encode())).isTrue();
    assertThat(Ticket.looksLikeTicket("potluck1:7420")).isFalse();
  }

  @Test
  void aMistypedOrShortenedTicketIsNone() {
    String text = party.ticket(1).encode();

    for (int i = 0; i < text.length(); i++) {
      char other = text.charAt(i) == 'A' ? 'B' : 'A';
      String mistyped = text.substring(0, i) + other + text.substring(i + 1);
      String shortened = text.substring(0, i);
      assertThatThrownBy(() -> Ticket.parse(mistyped)).isInstanceOf(UsageException.class);
      assertThatThrownBy(() -> Ticket.parse(shortened)).isInstanceOf(UsageException.class);
    }
  }

  @Test
  void whoHasATicketGetsInAndTheSameKeyMayRetry() throws Exception {
    Identity identity = party.stranger();
    Ticket ticket = party.ticket(server.port());

    Credential first = enrol(identity, ticket);
    Credential again = enrol(identity, ticket);

    identity.install(again);
    assertThat(first.id()).isEqualTo(identity.id());
    assertThat(again.authorityFingerprint()).isEqualTo(party.authority.fingerprint());
    assertThat(again.expires())
        .isBetween(
            Instant.now().plus(Duration.ofDays(89)), Instant.now().plus(Duration.ofDays(91)));
  }

  @Test
  void aTicketLetsOneMachineIn() throws Exception {
    Ticket ticket = party.ticket(server.port());
    enrol(party.stranger(), ticket);

    assertThatThrownBy(() -> enrol(party.stranger(), ticket))
        .isInstanceOf(DeniedException.class)
        .hasMessageContaining("used by another machine");
  }

  @Test
  void anExpiredTicketIsRefused() throws Exception {
    var then =
        Authority.loadOrCreate(
            party.folder(), TestParty.at(Instant.now().minus(Duration.ofDays(2))));
    Ticket ticket = then.invite(List.of(TestParty.at(server.port())), Duration.ofDays(1));

    assertThatThrownBy(() -> enrol(party.stranger(), ticket))
        .isInstanceOf(DeniedException.class)
        .hasMessageContaining("expired");
  }

  @Test
  void aTicketWithALaterExpiryWrittenInIsRefused() throws Exception {
    Ticket ticket = party.ticket(server.port());
    Ticket forged =
        new Ticket(
            ticket.addresses(),
            ticket.authority(),
            ticket.id(),
            ticket.expires().plusSeconds(1_000),
            ticket.secret());

    assertThatThrownBy(() -> enrol(party.stranger(), forged)).isInstanceOf(DeniedException.class);
  }

  @Test
  void aTicketOfAnotherPartyDoesNotTrustWhoAnswers() throws Exception {
    TestParty others = new TestParty(folder.resolve("b"));

    assertThatThrownBy(() -> enrol(party.stranger(), others.ticket(server.port())))
        .isInstanceOf(DeniedException.class)
        .hasMessageContaining("not who was expected");
  }

  @Test
  void aDeadAddressInATicketIsPassedOver() throws Exception {
    Ticket ticket =
        party.authority.invite(
            List.of(TestParty.at(1), TestParty.at(server.port())), Duration.ofHours(1));

    assertThat(enrol(party.stranger(), ticket)).isNotNull();
  }

  @Test
  void guessingIsSlow() throws Exception {
    Identity identity = party.stranger();
    Ticket ticket = party.ticket(server.port());
    Ticket wrong =
        new Ticket(
            ticket.addresses(),
            ticket.authority(),
            ticket.id(),
            ticket.expires(),
            "00".repeat(Ticket.SECRET_BYTES));
    boolean limited = false;

    for (int i = 0; i < 1_000 && !limited; i++) {
      try {
        enrol(identity, wrong);
      } catch (UnavailableException e) {
        limited = true;
      } catch (PotluckException e) {
        assertThat(e).isInstanceOf(DeniedException.class);
      }
    }

    assertThat(limited).isTrue();
  }

  @Test
  void keysAreReadableByTheirOwnerOnlyAndSurviveARestart() throws Exception {
    Identity identity = party.member("kept");
    Path key = folder.resolve("a/kept/identity.key");

    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(key)))
        .isEqualTo("rw-------");
    Identity again = Identity.loadOrCreate(folder.resolve("a/kept"));
    assertThat(again.id()).isEqualTo(identity.id());
    assertThat(again.credential()).isPresent();
    assertThat(again.renewAt().orElseThrow()).isAfter(Instant.now());
  }
}
