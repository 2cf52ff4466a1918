package dev.potluck.peer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.potluck.consensus.LogSettings;
import dev.potluck.consensus.ReplicatedLog;
import dev.potluck.content.ConflictException;
import dev.potluck.content.ContentId;
import dev.potluck.content.DeniedException;
import dev.potluck.content.Name;
import dev.potluck.content.NoSuchNameException;
import dev.potluck.content.UnavailableException;
import dev.potluck.content.UsageException;
import dev.potluck.content.Version;
import dev.potluck.directory.Announcement;
import dev.potluck.directory.Changes;
import dev.potluck.directory.Endpoint;
import dev.potluck.directory.Entry;
import dev.potluck.directory.Fact;
import dev.potluck.directory.FactDigest;
import dev.potluck.directory.HeldLock;
import dev.potluck.directory.Hello;
import dev.potluck.directory.Holder;
import dev.potluck.directory.Leases;
import dev.potluck.directory.Listed;
import dev.potluck.directory.Load;
import dev.potluck.directory.LockMode;
import dev.potluck.directory.Member;
import dev.potluck.directory.MemberState;
import dev.potluck.directory.PeerId;
import dev.potluck.directory.Reason;
import dev.potluck.directory.Verdict;
import dev.potluck.directory.Welcome;
import dev.potluck.wire.Authority;
import dev.potluck.wire.CommitOutcome;
import dev.potluck.wire.Granted;
import dev.potluck.wire.Heartbeat;
import dev.potluck.wire.Identity;
import dev.potluck.wire.NotTheDirectory;
import dev.potluck.wire.SessionHandler;
import dev.potluck.wire.SessionSink;
import dev.potluck.wire.Ticket;
import dev.potluck.wire.WatchSink;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The directory as a service, on a real database.
final class DirectoryHostTest {
  static final PeerId HOST = PeerId.of("y".repeat(32));
  static final PeerId ANNA = FakeDirectory.ANNA;
  static final PeerId BEN = FakeDirectory.BEN;
  static final Endpoint ADDRESS = new Endpoint("10.0.0.1", 7420);

  @TempDir Path temp;
  final Clock clock = Clock.fixed(FakeDirectory.NOW, ZoneOffset.UTC);
  final List<PeerId> cut = new CopyOnWriteArrayList<>();
  DenyList denied;
  DirectoryHost it;

  @BeforeEach
  void open() throws Exception {
    start(true, Optional.empty());
  }

  @AfterEach
  void close() throws Exception {
    it.close();
  }

  private void start(boolean keepsNames, Optional<Authority> authority)
      throws IOException, InterruptedException {
    denied = DenyList.inMemory();
    it =
        new DirectoryHost(HOST, Leases.DEFAULT, () -> authority, clock, new Surroundings(), denied);
    if (keepsNames) {
      it.seat(7, this::log);
    } else {
      PartyStore store = PartyStore.open(temp.resolve("party.db"));
      it.seat(0, replica -> MemoryLog.start(HOST, store, replica));
    }
    it.awaitLeading(Duration.ofSeconds(20));
  }

  /// A log that this seat keeps alone.
  private CommandLog log(DirectoryReplica replica) throws IOException {
    UUID group = new UUID(1, 2);
    LogSettings settings = LogSettings.of(temp.resolve("log"), HOST.text());
    return new AgreedLog(
        ReplicatedLog.found(
            group,
            settings,
            (seat, _, _) -> {
              throw new IOException("nobody else is there: " + seat);
            },
            replica));
  }

  private final class Surroundings implements DirectoryHost.Neighbourhood {
    @Override
    public List<Endpoint> elsewhere(Optional<PeerId> leader) {
      return List.of(ADDRESS);
    }

    @Override
    public void ledBy(PeerId leader) {
      throw new AssertionError("nobody else can lead");
    }

    @Override
    public List<Endpoint> addresses() {
      return List.of(ADDRESS);
    }

    @Override
    public void greeted(PeerId member, Hello hello) {
      // The sessions themselves are looked at.
    }

    @Override
    public void vacate(PeerId member) {
      // Nobody has a seat beside it.
    }

    @Override
    public void disconnect(PeerId peer) {
      cut.add(peer);
    }
  }

  private void restart(boolean keepsNames) throws IOException, InterruptedException {
    it.close();
    start(keepsNames, Optional.empty());
  }

  private static Hello hello(String name, int port) {
    return new Hello(name, new Endpoint("10.0.0.2", port), new Endpoint("10.0.0.2", port + 1));
  }

  /// What a peer hears in its session.
  private static final class HeardSession implements SessionSink {
    final BlockingQueue<Verdict> verdicts = new LinkedBlockingQueue<>();
    final BlockingQueue<String> ends = new LinkedBlockingQueue<>();
    final List<Welcome> welcomes = new CopyOnWriteArrayList<>();
    final AtomicInteger askedForAll = new AtomicInteger();
    final BlockingQueue<Long> wanted = new LinkedBlockingQueue<>();
    final BlockingQueue<Long> judgements = new LinkedBlockingQueue<>();

    @Override
    public void welcome(Welcome said) {
      welcomes.add(said);
    }

    @Override
    public void verdicts(long sequence, List<Verdict> said) {
      verdicts.addAll(said);
    }

    @Override
    public void sendAll() {
      askedForAll.incrementAndGet();
    }

    @Override
    public void judged(long sequence) {
      judgements.add(sequence);
    }

    @Override
    public void lockWanted(Name name, long token) {
      wanted.add(token);
    }

    @Override
    public void ended(String why) {
      ends.add(why);
    }
  }

  /// What a watcher is sent.
  private static final class HeardWatch implements WatchSink {
    final BlockingQueue<Changes> changes = new LinkedBlockingQueue<>();
    final List<Runnable> closing = new ArrayList<>();
    volatile long incarnation;
    volatile boolean open = true;

    @Override
    public void begin(long of) {
      incarnation = of;
    }

    @Override
    public boolean send(Changes said) {
      return changes.add(said);
    }

    @Override
    public boolean offer(Changes said) {
      return changes.add(said);
    }

    @Override
    public boolean isOpen() {
      return open;
    }

    @Override
    public void close() {
      open = false;
    }

    @Override
    public void onClose(Runnable action) {
      closing.add(action);
    }

    Changes next() throws InterruptedException {
      Changes next = changes.poll(10, TimeUnit.SECONDS);
      assertThat(next).as("another event").isNotNull();
      return next;
    }
  }

  private SessionHandler announced(PeerId peer, String name, Fact... facts) {
    HeardSession sink = new HeardSession();
    SessionHandler session = it.session(peer, hello(name, 7420), sink);
    session.announce(Announcement.full(1, List.of(facts)));
    return session;
  }

  private static Fact.Holds holds(String name, String text, long number) {
    return new Fact.Holds(Name.of(name), ShareFixture.version(text, number), Reason.KEPT, true);
  }

  private static Fact.Edited edited(String name, long base, String text) {
    return new Fact.Edited(Name.of(name), base, ShareFixture.version(text, 0), Reason.KEPT);
  }

  private List<String> names() {
    return it.list(ANNA, Optional.empty(), Optional.empty(), 1_000).stream()
        .map(Listed::entry)
        .map(entry -> entry.name().value())
        .toList();
  }

  @Test
  void whatAPeerAnnouncesOthersFindThere() throws Exception {
    announced(ANNA, "anna", edited("doc", 0, "one"));

    assertThat(it.find(BEN, Name.of("doc")).holders())
        .extracting(Holder::name)
        .containsExactly("anna");
    assertThat(names()).containsExactly("doc");
    assertThat(it.names()).isEqualTo(1);
  }

  @Test
  void itsMachineIsAloneUntilSomebodyElseIsAMember() throws Exception {
    it.session(HOST, hello("host", 7420), new HeardSession());
    assertThat(it.isAlone()).isTrue();

    announced(ANNA, "anna");
    assertThat(it.isAlone()).isFalse();
    restart(true);
    assertThat(it.isAlone()).as("who is away is a member").isFalse();
    it.expel(HOST, ANNA);

    assertThat(it.isAlone()).isTrue();
    it.unseat();
    assertThat(it.isAlone()).as("without the seat").isFalse();
  }

  @Test
  void aPeerIsWelcomedByANameThatNobodyElseHas() throws Exception {
    HeardSession first = new HeardSession();
    HeardSession second = new HeardSession();

    it.session(ANNA, hello("box", 7420), first);
    it.session(BEN, hello("box", 7420), second);

    assertThat(first.welcomes).extracting(Welcome::name).containsExactly("box");
    assertThat(second.welcomes).extracting(Welcome::name).containsExactly("box-2");
  }

  @Test
  void everyEditGetsItsVerdictWithTheSession() throws Exception {
    HeardSession sink = new HeardSession();
    SessionHandler session = it.session(ANNA, hello("anna", 7420), sink);

    session.announce(Announcement.full(1, List.of(edited("doc", 0, "one"))));
    session.announce(Announcement.delta(2, List.of(edited("doc", 0, "apart"))));

    assertThat(sink.verdicts.take()).isInstanceOf(Verdict.Current.class);
    assertThat(sink.verdicts.take()).isInstanceOf(Verdict.Conflict.class);
  }

  @Test
  void aHeartbeatIsAnsweredByWhatIsJudgedOnceAfterEachAnnouncement() throws Exception {
    HeardSession sink = new HeardSession();
    SessionHandler session = it.session(ANNA, hello("anna", 7420), sink);
    Heartbeat beat = new Heartbeat(Load.NONE, FactDigest.EMPTY);

    session.heartbeat(beat);
    session.announce(Announcement.full(1, List.of(edited("doc", 0, "one"))));
    session.announce(Announcement.delta(2, List.of(edited("other", 0, "two"))));
    assertThat(sink.judgements).containsExactly(0L);
    session.heartbeat(beat);
    session.heartbeat(beat);

    assertThat(sink.judgements).containsExactly(0L, 2L);
    assertThat(sink.verdicts).hasSize(2);
  }

  @Test
  void aHeartbeatWithAnotherDigestAsksForEverything() throws Exception {
    HeardSession sink = new HeardSession();
    SessionHandler session = it.session(ANNA, hello("anna", 7420), sink);
    session.announce(Announcement.full(1, List.of()));

    session.heartbeat(new Heartbeat(Load.NONE, FactDigest.EMPTY));
    session.heartbeat(new Heartbeat(Load.NONE, FactDigest.EMPTY));
    assertThat(sink.askedForAll).hasValue(0);
    session.heartbeat(new Heartbeat(Load.NONE, FactDigest.EMPTY.with(holds("a", "x", 1))));

    assertThat(sink.askedForAll).hasValue(1);
  }

  @Test
  void aSecondSessionOfAPeerEndsTheFirst() throws Exception {
    HeardSession first = new HeardSession();
    it.session(ANNA, hello("anna", 7420), first);

    it.session(ANNA, hello("anna", 7420), new HeardSession());

    assertThat(first.ends.poll(10, TimeUnit.SECONDS)).isNotNull();
  }

  @Test
  void namesMembersAndTombstonesSurviveARestart() throws Exception {
    announced(ANNA, "anna", edited("kept", 0, "one"), edited("gone", 0, "two"));
    it.delete(ANNA, List.of(Name.of("gone")));

    restart(true);

    assertThat(names()).containsExactly("kept");
    assertThat(it.members()).extracting(Member::name).containsExactly("anna");
    assertThatThrownBy(() -> it.find(ANNA, Name.of("gone")))
        .isInstanceOf(NoSuchNameException.class);
  }

  @Test
  void aWatcherGoesOnWhereItWasAfterARestart() throws Exception {
    announced(ANNA, "anna", edited("a", 0, "one"));
    HeardWatch before = new HeardWatch();
    it.watch(ANNA, 0, 0, before);
    Changes snapshot = before.next();
    restart(true);
    commit(ANNA, List.of(edited("b", 0, "two")));

    HeardWatch after = new HeardWatch();
    it.watch(ANNA, before.incarnation, snapshot.revision(), after);

    assertThat(after.incarnation).isEqualTo(before.incarnation);
    Changes next = after.next();
    assertThat(next.snapshot()).isFalse();
    assertThat(Entries.names(next.entries())).containsExactly("b");
  }

  @Test
  void inMemoryTheNamesAreForgottenAndTheMembersAreNot() throws Exception {
    restart(false);
    announced(ANNA, "anna", edited("doc", 0, "one"));
    HeardWatch before = new HeardWatch();
    it.watch(ANNA, 0, 0, before);

    restart(false);

    HeardWatch after = new HeardWatch();
    it.watch(ANNA, 0, 0, after);
    assertThat(names()).isEmpty();
    assertThat(it.members()).extracting(Member::name).containsExactly("anna");
    assertThat(after.incarnation).isNotEqualTo(before.incarnation);
    assertThatThrownBy(() -> it.find(BEN, Name.of("doc")))
        .as("learning, since anna is not back")
        .isInstanceOf(UnavailableException.class);
  }

  @Test
  void aRunInMemoryDoesNotDisturbTheNamesThatAreKept() throws Exception {
    announced(ANNA, "anna", edited("doc", 0, "one"));
    HeardWatch before = new HeardWatch();
    it.watch(ANNA, 0, 0, before);
    restart(false);
    announced(BEN, "ben", edited("other", 0, "two"));

    restart(true);

    HeardWatch after = new HeardWatch();
    it.watch(ANNA, 0, 0, after);
    assertThat(after.incarnation).isEqualTo(before.incarnation);
    assertThat(names()).containsExactly("doc");
    assertThat(it.members()).extracting(Member::name).containsExactly("anna");
  }

  /// Waits for the outcome.
  private CommitOutcome commit(PeerId by, List<Fact.Edited> edits) {
    try {
      return it.commit(by, edits).join();
    } catch (CompletionException e) {
      throw (RuntimeException) e.getCause();
    }
  }

  @Test
  void aWatchGivesASnapshotAndThenWhatChanges() throws Exception {
    commit(ANNA, List.of(edited("a", 0, "one")));
    HeardWatch watch = new HeardWatch();

    it.watch(ANNA, 0, 0, watch);
    Changes snapshot = watch.next();
    commit(ANNA, List.of(edited("b", 0, "two")));
    Changes change = watch.next();

    assertThat(snapshot.snapshot()).isTrue();
    assertThat(Entries.names(snapshot.entries())).containsExactly("a");
    assertThat(change.snapshot()).isFalse();
    assertThat(Entries.names(change.entries())).containsExactly("b");
    assertThat(change.revision()).isGreaterThan(snapshot.revision());
  }

  @Test
  void aLongSnapshotComesInPartsOfWhichTheLastEndsIt() throws Exception {
    List<Fact> many = new ArrayList<>();
    for (int i = 0; i < 2_500; i++) {
      many.add(edited("f" + i, 0, "one"));
    }
    announced(ANNA, "anna", many.toArray(Fact[]::new));
    HeardWatch watch = new HeardWatch();

    it.watch(ANNA, 0, 0, watch);

    List<Changes> parts = new ArrayList<>();
    do {
      parts.add(watch.next());
    } while (!parts.getLast().last());
    assertThat(parts).hasSize(3);
    assertThat(parts.stream().mapToInt(part -> part.entries().size()).sum()).isEqualTo(2_500);
    assertThat(parts).allMatch(Changes::snapshot);
  }

  @Test
  void aNewMemberIsAnEventWithoutNamesBehindTheSnapshot() throws Exception {
    announced(ANNA, "anna", edited("a", 0, "one"));
    HeardWatch watch = new HeardWatch();
    it.watch(ANNA, 0, 0, watch);
    Changes snapshot = watch.next();
    Changes members = watch.next();

    it.session(BEN, hello("ben", 7420), new HeardSession());
    Changes more = watch.next();

    assertThat(Entries.names(snapshot.entries())).as("the names come first").containsExactly("a");
    assertThat(members.isEmpty()).isTrue();
    assertThat(members.revision()).isLessThanOrEqualTo(snapshot.revision());
    assertThat(more.isEmpty()).isTrue();
  }

  @Test
  void aMemberThatReturnsAtAnotherAddressIsAnEventToo() throws Exception {
    it.session(ANNA, hello("anna", 7420), new HeardSession());
    HeardWatch watch = new HeardWatch();
    it.watch(ANNA, 0, 0, watch);
    watch.next();
    watch.next();

    it.session(ANNA, hello("anna", 9_000), new HeardSession());

    assertThat(watch.next().isEmpty()).isTrue();
    assertThat(it.members().getFirst().control().orElseThrow().port()).isEqualTo(9_000);
  }

  @Test
  void watchesEndWithTheDirectory() throws Exception {
    HeardWatch watch = new HeardWatch();
    it.watch(ANNA, 0, 0, watch);

    it.close();

    Awaitility.await().until(() -> !watch.open);
    assertThatThrownBy(() -> it.find(ANNA, Name.of("a")))
        .isInstanceOf(NotTheDirectory.class)
        .hasMessageContaining("10.0.0.1");
  }

  @Test
  void whoIsExpelledIsCutOffAndStaysOutAfterARestart() throws Exception {
    announced(ANNA, "anna", edited("doc", 0, "one"));
    announced(BEN, "ben");

    it.expel(BEN, ANNA);

    assertThat(cut).containsExactly(ANNA);
    assertThat(denied.test(ANNA)).isTrue();
    assertThat(it.find(BEN, Name.of("doc")).holders()).isEmpty();
    assertDenied(ANNA);
    restart(true);
    assertThat(denied.test(ANNA)).isTrue();
    assertDenied(ANNA);
    assertThat(it.members())
        .filteredOn(member -> member.id().equals(ANNA))
        .extracting(Member::state)
        .containsExactly(MemberState.LEFT);
  }

  private void assertDenied(PeerId peer) {
    assertThatThrownBy(() -> it.session(peer, hello("anna", 7420), new HeardSession()))
        .isInstanceOf(DeniedException.class);
  }

  @Test
  void theHostItselfCannotBeExpelledAndWhoIsUnknownNeither() throws Exception {
    assertThatThrownBy(() -> it.expel(ANNA, HOST))
        .isInstanceOf(UsageException.class)
        .hasMessageContaining("leads the directory");
    assertThatThrownBy(() -> it.expel(ANNA, BEN))
        .isInstanceOf(NoSuchNameException.class)
        .hasMessageContaining(BEN.text());
  }

  @Test
  void anEditOnAnOldBaseIsRefusedAndChangesNothing() throws Exception {
    commit(ANNA, List.of(edited("doc", 0, "one")));

    CommitOutcome outcome = commit(BEN, List.of(edited("other", 0, "x"), edited("doc", 0, "two")));

    assertThat(outcome).isInstanceOf(CommitOutcome.Refused.class);
    assertThat(names()).containsExactly("doc");
  }

  @Test
  void moveAndDeleteOfWhatIsNotThereSaySo() throws Exception {
    assertThatThrownBy(() -> it.move(ANNA, Name.of("a"), Name.of("b")))
        .isInstanceOf(NoSuchNameException.class);
    assertThat(it.delete(ANNA, List.of(Name.of("a"))).missing()).containsExactly(Name.of("a"));
  }

  @Test
  void anOpenPartyHasNoTickets() throws Exception {
    assertThatThrownBy(() -> it.invite(ANNA, Duration.ofDays(1)))
        .isInstanceOf(UsageException.class)
        .hasMessageContaining("--open");
  }

  @Test
  void aTicketLetsOneMachineInAlsoAfterARestartInMemory() throws Exception {
    it.close();
    Path authority = temp.resolve("authority");
    start(false, Optional.of(Authority.loadOrCreate(authority, clock)));
    Ticket ticket = it.invite(ANNA, Duration.ofDays(1));
    Identity first = Identity.loadOrCreate(temp.resolve("first"));
    Identity second = Identity.loadOrCreate(temp.resolve("second"));

    assertThat(it.enrol(ticket.enrolment(first.request())).id()).isEqualTo(first.id());

    it.close();
    start(false, Optional.of(Authority.loadOrCreate(authority, clock)));
    assertThat(it.enrol(ticket.enrolment(first.request())).id()).isEqualTo(first.id());
    assertThatThrownBy(() -> it.enrol(ticket.enrolment(second.request())))
        .isInstanceOf(DeniedException.class)
        .hasMessageContaining("used");
  }

  @Test
  void whoWasExpelledDoesNotReturnWithANewTicket() throws Exception {
    it.close();
    start(true, Optional.of(Authority.loadOrCreate(temp.resolve("authority"), clock)));
    Identity machine = Identity.loadOrCreate(temp.resolve("machine"));
    it.session(machine.id(), hello("anna", 7420), new HeardSession());
    it.expel(BEN, machine.id());
    Ticket ticket = it.invite(BEN, Duration.ofDays(1));

    assertThatThrownBy(() -> it.enrol(ticket.enrolment(machine.request())))
        .isInstanceOf(DeniedException.class)
        .hasMessageContaining("expelled");
  }

  @Test
  void aTicketsTimeIsBounded() throws Exception {
    it.close();
    start(true, Optional.of(Authority.loadOrCreate(temp.resolve("authority"), clock)));

    assertThatThrownBy(() -> it.invite(ANNA, Duration.ZERO)).isInstanceOf(UsageException.class);
    assertThatThrownBy(() -> it.invite(ANNA, Duration.ofDays(400)))
        .isInstanceOf(UsageException.class);
  }

  @Test
  void aCertificateIsRenewedForItsOwnerOnly() throws Exception {
    it.close();
    start(true, Optional.of(Authority.loadOrCreate(temp.resolve("authority"), clock)));
    Identity machine = Identity.loadOrCreate(temp.resolve("machine"));

    assertThat(it.renew(machine.id(), machine.request()).id()).isEqualTo(machine.id());
    assertThatThrownBy(() -> it.renew(ANNA, machine.request())).isInstanceOf(DeniedException.class);
  }

  /// Makes entries of the log long, so that few fill what it has allocated.
  private static final String DEEP = ("/" + "d".repeat(250)).repeat(12);

  @Test
  void aDiskThatIsFullEndsTheDirectoryAndNothingIsAcknowledgedThatIsNotKept() throws Exception {
    it.close();
    Path disk = Files.createDirectories(temp.resolve("log"));
    run("mount", "-t", "tmpfs", "-o", "size=8m", "tmpfs", disk.toString());
    try {
      start(true, Optional.empty());
      SessionHandler session = it.session(ANNA, hello("anna", 7420), new HeardSession());
      session.announce(Announcement.full(1, List.of(edited("before", 0, "one"))));
      Path filler = disk.resolve("filler");
      fill(filler);

      int[] kept = {0};
      assertThatThrownBy(
              () -> {
                for (; kept[0] < 10_000; kept[0]++) {
                  commit(BEN, List.of(edited("after-" + kept[0] + DEEP, 0, "two")));
                }
              })
          .isInstanceOf(UnavailableException.class);

      it.awaitFailure();
      assertThatThrownBy(() -> it.find(BEN, Name.of("before")))
          .isInstanceOf(UnavailableException.class)
          .hasMessageContaining("cannot write");
      assertThatThrownBy(() -> commit(BEN, List.of(edited("other", 0, "three"))))
          .isInstanceOf(UnavailableException.class);
      Files.delete(filler);
      restart(true);
      assertThat(names()).contains("before").doesNotContain("other");
      assertThat(names()).hasSizeBetween(1 + kept[0], 2 + kept[0]);
    } finally {
      it.close();
      run("umount", "-l", disk.toString());
    }
  }

  @Test
  void whoWasExpelledStaysOutWhateverTheDirectoryKeeps() throws Exception {
    Path file = temp.resolve("denied");
    DenyList.open(file).add(ANNA);

    DenyList again = DenyList.open(file);

    assertThat(again.test(ANNA)).isTrue();
    assertThat(again.test(BEN)).isFalse();
    assertThat(again.add(ANNA)).isFalse();
  }

  private static void run(String... command) throws IOException, InterruptedException {
    Process process = new ProcessBuilder(command).inheritIO().start();
    assertThat(process.waitFor()).as(String.join(" ", command)).isZero();
  }

  /// Takes all the room there is.
  private static void fill(Path file) throws IOException {
    byte[] block = new byte[4_096];
    try (OutputStream out = Files.newOutputStream(file)) {
      for (int i = 0; i < 4_000; i++) {
        out.write(block);
      }
      throw new AssertionError("the disk is larger than it should be");
    } catch (IOException full) {
      assertThat(full).hasMessageContaining("space");
    }
  }

  @Test
  void locksAndPastVersionsOutliveARestart() throws Exception {
    Name name = Name.of("x");
    var _ = it.session(ANNA, hello("anna", 7430), new HeardSession());
    var _ = commit(ANNA, List.of(edit(name, 0, 1)));
    var _ = commit(ANNA, List.of(edit(name, 1, 2)));
    HeldLock lock = lock(ANNA, name);
    it.unlock(ANNA, Name.of("y"), lock(ANNA, Name.of("y")).lock().token());
    List<Entry> history = it.history(ANNA, name);

    restart(true);

    assertThat(it.locks(ANNA, List.of())).containsExactly(lock);
    assertThat(it.history(ANNA, name)).isEqualTo(history).hasSize(2);
    var _ = it.session(BEN, hello("ben", 7440), new HeardSession());
    assertThatThrownBy(() -> lock(BEN, name))
        .isInstanceOf(ConflictException.class)
        .hasMessage("x is locked by anna");
    assertThat(lock(BEN, Name.of("z")).lock().token()).isGreaterThan(lock.lock().token() + 1);
  }

  @Test
  void locksOutliveARestartThatForgetsTheNames() throws Exception {
    restart(false);
    var _ = it.session(ANNA, hello("anna", 7430), new HeardSession());
    HeldLock lock = lock(ANNA, Name.of("x"));

    restart(false);

    assertThat(it.locks(BEN, List.of(Name.of("x")))).containsExactly(lock);
  }

  @Test
  void whoAsksForALockHearsHowFarTheNamesWereAndWhoHasItThatItIsWanted() throws Exception {
    Name name = Name.of("x");
    HeardSession anna = new HeardSession();
    var annas = it.session(ANNA, hello("anna", 7430), anna);
    var _ = it.session(BEN, hello("ben", 7440), new HeardSession());
    HeldLock lock = lock(ANNA, name);
    CommitOutcome done = commit(ANNA, List.of(edit(name, 0, 1)));
    long revision = ((CommitOutcome.Committed) done).revision();
    Thread giving =
        Thread.ofVirtual()
            .start(
                () -> {
                  try {
                    assertThat(anna.wanted.take()).isEqualTo(lock.lock().token());
                  } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                  }
                  annas.lockInUse(lock.lock().token());
                  it.unlock(ANNA, name, lock.lock().token());
                });

    Granted granted = it.lock(BEN, name, LockMode.SHARED, Duration.ofMinutes(1));

    giving.join();
    assertThat(granted.revision()).isGreaterThanOrEqualTo(revision);
    assertThat(granted.held().lock().mode()).isEqualTo(LockMode.SHARED);
  }

  private HeldLock lock(PeerId by, Name name) {
    return it.lock(by, name, LockMode.EXCLUSIVE, Duration.ZERO).held();
  }

  private static Fact.Edited edit(Name name, long base, int size) {
    return new Fact.Edited(
        name,
        base,
        Version.file(0, ContentId.EMPTY, Instant.ofEpochSecond(size), 0644),
        Reason.KEPT);
  }
}
