package dev.potluck.wire;

import static java.util.concurrent.TimeUnit.MILLISECONDS;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.potluck.content.ConflictException;
import dev.potluck.content.ContentId;
import dev.potluck.content.DeniedException;
import dev.potluck.content.FailedException;
import dev.potluck.content.Name;
import dev.potluck.content.NoSuchNameException;
import dev.potluck.content.PotluckException;
import dev.potluck.content.Root;
import dev.potluck.content.UnavailableException;
import dev.potluck.directory.Announcement;
import dev.potluck.directory.Changes;
import dev.potluck.directory.Contact;
import dev.potluck.directory.Endpoint;
import dev.potluck.directory.Fact;
import dev.potluck.directory.FactDigest;
import dev.potluck.directory.Hello;
import dev.potluck.directory.Load;
import dev.potluck.directory.LockMode;
import dev.potluck.directory.NameLock;
import dev.potluck.directory.Reason;
import dev.potluck.directory.Verdict;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What the control port carries, over real sockets and TLS.
final class WireServerTest {
  private static final Duration SOON = Duration.ofSeconds(10);

  private final WireThreads threads = new WireThreads();
  private final FakePeer peer = new FakePeer();
  private final BlockingQueue<Object> events = new LinkedBlockingQueue<>();
  private TestParty party;
  private Identity host;
  private Identity member;
  private FakeDirectory directory;
  private WireServer server;
  private DirectoryClient client;

  @BeforeEach
  void start(@TempDir Path folder) throws IOException {
    party = new TestParty(folder);
    host = party.member();
    member = party.member();
    directory = new FakeDirectory(party.authority);
    server = WireServer.start(threads, party.tls(host), TestParty.LOOPBACK, directory, peer, peer);
    client = new DirectoryClient(threads, party.tls(member), List.of(TestParty.at(server.port())));
  }

  @AfterEach
  void stop() {
    client.close();
    server.close();
    threads.close();
  }

  private @Nullable Object next(BlockingQueue<Object> queue) throws InterruptedException {
    return queue.poll(10, SECONDS);
  }

  private final class Recording implements SessionEvents, WatchEvents {
    @Override
    public void verdicts(long sequence, List<Verdict> verdicts) {
      events.add(verdicts);
    }

    @Override
    public void sendAll() {
      events.add("send all");
    }

    @Override
    public void judged(long sequence) {
      events.add("judged: " + sequence);
    }

    @Override
    public void lockWanted(Name name, long token) {
      events.add("wanted: " + name + " " + token);
    }

    @Override
    public void began(long incarnation) {
      events.add(incarnation);
    }

    @Override
    public void changes(Changes changes) {
      events.add(changes);
    }

    @Override
    public void lost(String why) {
      events.add("lost: " + why);
    }
  }

  private static Hello hello() {
    return new Hello("anna", TestParty.at(1), TestParty.at(2), new Contact(-4, 9));
  }

  private static Heartbeat heartbeat() {
    return new Heartbeat(new Load(1, 2), new FactDigest(-5, 100_000));
  }

  @Test
  void seatsTalkToEachOtherByTheirIds() {
    UUID log = UUID.fromString("0fe3a2cb-1a2b-4c3d-8e4f-001122334455");
    SeatOffer offer = new SeatOffer(log, Optional.of(party.authority.copy()));
    Endpoint at = TestParty.at(server.port());
    try (var caller = new PeerClient(threads, party.tls(member))) {
      Whereabouts mine = new Whereabouts(member.id(), at, at, Instant.ofEpochMilli(12));
      Greeting greeting = new Greeting(-5, List.of(mine));
      assertThat(caller.greet(at, greeting, SOON)).isEqualTo(greeting);
      assertThat(caller.adopt(at, host.id(), List.of(Name.of("a")), SOON)).isTrue();
      assertThat(caller.adopt(at, host.id(), List.of(Name.of("a"), Name.of("b")), SOON)).isFalse();
      assertThat(caller.reaches(at, host.id(), member.id(), SOON)).isTrue();
      assertThat(caller.reaches(at, host.id(), host.id(), SOON)).isFalse();
      assertThat(caller.answers(at, host.id(), SOON)).isTrue();
      assertThat(caller.answers(at, member.id(), SOON)).isFalse();
      byte[] answer = caller.say(at, host.id(), 7, new byte[] {1, 2}, SOON);
      caller.offer(at, host.id(), offer, SOON);
      caller.entrust(at, host.id(), party.authority.copy(), SOON);

      assertThat(answer).containsExactly(1, 2, 7);
      assertThat(peer.heard).contains(offer, party.authority.copy());
      assertThatThrownBy(() -> caller.say(at, member.id(), 7, new byte[0], SOON))
          .isInstanceOf(PotluckException.class);
    }
  }

  @Test
  void whatMayHaveBeenDoneIsNotSaidToBeImpossible() {
    Endpoint other = new Endpoint("localhost", server.port());
    client.addresses(List.of(TestParty.at(server.port()), other));
    Name from = Name.of("from");
    Name to = Name.of("to");
    CountDownLatch looked = new CountDownLatch(1);
    directory.moving =
        caller -> {
          server.disconnect(caller);
          awaitAnswered(looked);
        };

    assertThatThrownBy(() -> client.move(from, to, SOON))
        .isInstanceOf(UnavailableException.class)
        .hasMessageContaining("no such name: from")
        .hasMessageContaining("It may have been done");
    assertThatThrownBy(() -> client.move(from, to, SOON)).isInstanceOf(NoSuchNameException.class);
    looked.countDown();
  }

  /// Whoever hangs up interrupts what works for it.
  private static void awaitAnswered(CountDownLatch looked) {
    try {
      looked.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Test
  void whatIsKnownIsFoundAndWhatIsNotIsTheSameExceptionHere() {
    directory.entries.put(Name.of("a/b"), FakeDirectory.entry("a/b", 7));

    var found = client.find(Name.of("a/b"), SOON);

    assertThat(found.entry()).isEqualTo(FakeDirectory.entry("a/b", 7));
    assertThat(found.learning()).isTrue();
    assertThatThrownBy(() -> client.find(Name.of("c"), SOON))
        .isInstanceOf(NoSuchNameException.class)
        .hasMessage("no such name: c");
  }

  @Test
  void whoHasLeftAsksNobodyAndIsToldSo() {
    client.close();
    server.close(); // Its threads end with the others': it would wait for them for ever.
    threads.close();

    assertThatThrownBy(() -> client.members(SOON))
        .isInstanceOf(UnavailableException.class)
        .hasMessageContaining("this machine is leaving");
  }

  @Test
  void whatAServiceThrowsByMistakeTellsNoDetails() {
    assertThatThrownBy(() -> client.members(SOON))
        .isInstanceOf(FailedException.class)
        .hasMessageNotContaining("secret");
  }

  @Test
  void listsComeInPages() {
    for (String name : List.of("a/1", "a/2", "a/3", "b")) {
      directory.entries.put(Name.of(name), FakeDirectory.entry(name, 1));
    }

    var page = client.list(Optional.of(Name.of("a")), Optional.of(Name.of("a/1")), 1, SOON);

    assertThat(page).hasSize(1);
    assertThat(page.getFirst().entry().name()).isEqualTo(Name.of("a/2"));
    assertThat(page.getFirst().holderNames()).containsExactly("anna");
  }

  @Test
  void aPageOfTheLongestNamesComesWhole() {
    var folders = ("d".repeat(200) + "/").repeat(18);
    for (int i = 0; i < WireLimits.LIST_PAGE + 1; i++) {
      var name = folders + "%04d".formatted(i) + "n".repeat(178);
      directory.entries.put(Name.of(name), FakeDirectory.entry(name, 1));
    }
    directory.holders = Collections.nCopies(40, "a-machine-with-a-long-name");

    var page = client.list(Optional.empty(), Optional.empty(), WireLimits.LIST_PAGE, SOON);

    assertThat(page).hasSize(WireLimits.LIST_PAGE);
    assertThat(page.getLast().entry().name().value()).startsWith(folders + "0999");
  }

  @Test
  void commitsAndDeletionsAndMovesCarryTheirRevision() {
    var version = FakeDirectory.entry("x", 1).version();
    var edit = new Fact.Edited(Name.of("x"), 0, version, Reason.KEPT);

    assertThat(client.commit(List.of(edit), SOON))
        .isEqualTo(new CommitOutcome.Committed(List.of(version), 12));
    assertThat(client.commit(List.of(edit, edit), SOON)).isInstanceOf(CommitOutcome.Refused.class);
    assertThat(client.delete(List.of(Name.of("y")), SOON).revision()).isEqualTo(13);
    assertThat(client.move(Name.of("x"), Name.of("y"), SOON)).isEqualTo(new Moved(version, 14));
  }

  @Test
  void locksAreTakenToldAndGivenBack() {
    Name name = Name.of("x");

    Granted granted = client.lock(name, LockMode.EXCLUSIVE, Duration.ZERO, SOON);
    Granted shared = client.lock(name, LockMode.SHARED, Duration.ZERO, SOON);

    assertThat(granted.held().lock())
        .isEqualTo(NameLock.exclusive(name, granted.held().lock().owner(), 15));
    assertThat(granted.held().holder()).isEqualTo("anna");
    assertThat(granted.incarnation()).isEqualTo(3);
    assertThat(granted.revision()).isEqualTo(4);
    assertThat(shared.held().lock().mode()).isEqualTo(LockMode.SHARED);
    assertThat(client.locks(List.of(name), SOON)).containsExactly(granted.held());
    assertThatThrownBy(
            () -> client.lock(Name.of("taken"), LockMode.EXCLUSIVE, Duration.ofMillis(1), SOON))
        .isInstanceOf(ConflictException.class)
        .hasMessage("taken is locked by ben");
    assertThatThrownBy(() -> client.unlock(name, 3, SOON)).isInstanceOf(ConflictException.class);
    client.unlock(name, 15, SOON);
    client.share(name, 15, SOON);
    assertThat(directory.heard).contains("shared 15");
  }

  @Test
  void whoHasALockHearsThatItIsWantedAndSaysThatItIsInUse() throws Exception {
    try (Session session = client.session(hello(), new Recording(), SOON)) {
      assertThat(next(directory.heard)).isEqualTo(hello());
      directory.sessions.take().lockWanted(Name.of("x"), 15);
      assertThat(next(events)).isEqualTo("wanted: x 15");

      session.lockInUse(15);

      assertThat(next(directory.heard)).isEqualTo("in use: 15");
    }
  }

  @Test
  void whoStopsWaitingForALockLeavesTheLine() throws Exception {
    Thread waiting =
        Thread.ofVirtual()
            .start(
                () ->
                    assertThatThrownBy(
                            () ->
                                client.lock(
                                    Name.of("taken"),
                                    LockMode.EXCLUSIVE,
                                    Duration.ofMinutes(5),
                                    SOON))
                        .isInstanceOf(UnavailableException.class));
    assertThat(directory.waiting.await(SOON.toMillis(), MILLISECONDS)).isTrue();

    waiting.interrupt();

    assertThat(directory.hungUp.await(SOON.toMillis(), MILLISECONDS)).isTrue();
    waiting.join();
  }

  @Test
  void aHistoryIsToldOldestFirst() {
    assertThat(client.history(Name.of("x"), SOON))
        .containsExactly(FakeDirectory.entry("x", 1), FakeDirectory.entry("x", 2));
  }

  @Test
  void aSessionCarriesFactsVerdictsAndHeartbeats() throws Exception {
    var session = client.session(hello(), new Recording(), SOON);
    var gaveUp = new Fact.GaveUp(Name.of("x"), 3, true);

    session.announce(Announcement.full(1, List.of(gaveUp)));
    session.heartbeat(heartbeat());

    assertThat(session.welcome().name()).isEqualTo("anna-2");
    assertThat(session.welcome().held()).isEqualTo(new FactDigest(-3, 4));
    assertThat(next(directory.heard)).isEqualTo(hello());
    assertThat(next(directory.heard)).isEqualTo(Announcement.full(1, List.of(gaveUp)));
    assertThat(next(directory.heard)).isEqualTo(heartbeat());
    assertThat(next(events)).isEqualTo(List.of(new Verdict.Rejected(Name.of("x"), "no")));

    var sink = directory.sessions.take();
    sink.sendAll();
    sink.judged(1);

    assertThat(next(events)).isEqualTo("send all");
    assertThat(next(events)).isEqualTo("judged: 1");
    session.close();
    assertThat(next(directory.heard)).isEqualTo("closed");
  }

  @Test
  void aDirectoryThatDoesNotAnswerAHeartbeatWithinTheLeaseIsLost() throws Exception {
    var stuck = new LinkedBlockingQueue<Object>();
    directory.onHeartbeat =
        () -> {
          try {
            stuck.take();
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
          }
        };
    directory.lease = Duration.ofSeconds(2);
    var session = client.session(hello(), new Recording(), SOON);

    session.heartbeat(heartbeat());

    assertThat(next(events)).asString().startsWith("lost: ");
    assertThat(session.isOpen()).isFalse();
    assertThatThrownBy(() -> session.heartbeat(heartbeat()))
        .isInstanceOf(UnavailableException.class);
    stuck.add("go on");
  }

  @Test
  void theDirectoryEndsASession() throws Exception {
    var session = client.session(hello(), new Recording(), SOON);

    directory.sessions.take().ended("your lease is over");

    assertThat(next(events)).isEqualTo("lost: your lease is over");
    assertThat(session.isOpen()).isFalse();
  }

  @Test
  void aLongTransactionArrivesInPartsOfWhichTheFinalOneIsLast() throws Exception {
    var watch = client.watch(1, 2, new Recording(), SOON);
    var entries = IntStream.range(0, 1_200).mapToObj(i -> FakeDirectory.entry("f" + i, 5)).toList();

    directory.watches.take().send(new Changes(5, true, entries));

    assertThat(next(events)).isEqualTo(-9L);
    assertThat(next(events)).isEqualTo(new Changes(5, true, entries.subList(0, 500), false));
    assertThat(next(events)).isEqualTo(new Changes(5, true, entries.subList(500, 1_000), false));
    assertThat(next(events)).isEqualTo(new Changes(5, true, entries.subList(1_000, 1_200), true));
    assertThat(watch.isOpen()).isTrue();
  }

  @Test
  void aWatcherThatDoesNotKeepUpIsCut() throws Exception {
    var block = new LinkedBlockingQueue<Object>();
    var slow =
        new WatchEvents() {
          @Override
          public void began(long incarnation) {}

          @Override
          public void changes(Changes changes) {
            try {
              block.take();
            } catch (InterruptedException e) {
              Thread.currentThread().interrupt();
            }
          }

          @Override
          public void lost(String why) {
            events.add("lost: " + why);
          }
        };
    client.watch(1, 2, slow, SOON);
    WatchSink sink = directory.watches.take();
    sink.onClose(() -> directory.heard.add("gone"));
    String longName = ("n".repeat(250) + "/").repeat(14) + "x";
    var changes =
        new Changes(
            6,
            false,
            IntStream.range(0, 100).mapToObj(i -> FakeDirectory.entry(longName + i, 6)).toList());

    int offered = 0;
    while (sink.offer(changes)) {
      offered++;
    }

    assertThat(offered * 350_000L).isBetween(1L << 20, 40L << 20);
    assertThat(next(directory.heard)).isEqualTo("gone");
    for (int i = 0; i < offered; i++) {
      block.add("go on");
    }
    assertThat(next(events)).asString().startsWith("lost: ");
  }

  @Test
  void anyMemberIsAWayIn() throws Exception {
    var other = new FakeDirectory(party.authority);
    other.elsewhere = Optional.of(TestParty.at(server.port()));
    directory.entries.put(Name.of("x"), FakeDirectory.entry("x", 1));
    try (var way = WireServer.start(threads, party.tls(), TestParty.LOOPBACK, other, peer, peer);
        var lost =
            new DirectoryClient(threads, party.tls(member), List.of(TestParty.at(way.port())))) {
      assertThat(lost.find(Name.of("x"), SOON).entry().revision()).isEqualTo(1);
      assertThat(lost.current()).contains(TestParty.at(server.port()));
      assertThat(lost.session(hello(), new Recording(), SOON).isOpen()).isTrue();

      Ticket ticket = party.ticket(way.port());
      Identity stranger = party.stranger();
      Credential got =
          DirectoryClient.enrol(threads, stranger, ticket, InstantSource.system(), SOON);
      assertThat(got.id()).isEqualTo(stranger.id());
    }
  }

  @Test
  void redirectsInACircleEnd() throws Exception {
    directory.elsewhere = Optional.of(TestParty.at(server.port()));

    assertThatThrownBy(() -> client.find(Name.of("x"), SOON))
        .isInstanceOf(UnavailableException.class);
  }

  @Test
  void nobodyThereIsUnavailable() {
    server.close();

    assertThatThrownBy(() -> client.find(Name.of("x"), SOON))
        .isInstanceOf(UnavailableException.class)
        .hasMessageContaining("127.0.0.1");
  }

  @Test
  void peersAnswerForThemselves() throws Exception {
    try (var peers = new PeerClient(threads, party.tls(member))) {
      var at = TestParty.at(server.port());
      var contents = List.of(ContentId.EMPTY, new ContentId(new Root(1, 2, 3, 4), 5));

      assertThat(peers.load(at, host.id(), SOON)).isEqualTo(new Load(3, 4));
      assertThat(next(peer.heard)).isEqualTo(member.id());
      assertThat(peers.load(at, SOON)).isEqualTo(new Load(3, 4));
      assertThat(peers.probe(at, SOON)).isEqualTo(host.id());
      assertThat(peers.locate(at, host.id(), contents, SOON).stream()).containsExactly(1);
      assertThatThrownBy(() -> peers.load(at, member.id(), SOON))
          .isInstanceOf(DeniedException.class);
    }
  }
}
