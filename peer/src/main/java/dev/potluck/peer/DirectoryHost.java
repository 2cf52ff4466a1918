package dev.potluck.peer;

import dev.potluck.consensus.Appended;
import dev.potluck.content.DeniedException;
import dev.potluck.content.Name;
import dev.potluck.content.NoSuchNameException;
import dev.potluck.content.PotluckException;
import dev.potluck.content.UnavailableException;
import dev.potluck.content.UsageException;
import dev.potluck.directory.Announced;
import dev.potluck.directory.Announcement;
import dev.potluck.directory.Changes;
import dev.potluck.directory.Command;
import dev.potluck.directory.Directory;
import dev.potluck.directory.Endpoint;
import dev.potluck.directory.Entry;
import dev.potluck.directory.Fact;
import dev.potluck.directory.Found;
import dev.potluck.directory.HeldLock;
import dev.potluck.directory.Hello;
import dev.potluck.directory.Leases;
import dev.potluck.directory.Listed;
import dev.potluck.directory.LockMode;
import dev.potluck.directory.Member;
import dev.potluck.directory.MemberState;
import dev.potluck.directory.NameLock;
import dev.potluck.directory.PeerId;
import dev.potluck.directory.Proposal;
import dev.potluck.directory.Pulse;
import dev.potluck.directory.Result;
import dev.potluck.directory.Saved;
import dev.potluck.directory.Started;
import dev.potluck.directory.Ticked;
import dev.potluck.directory.Tracker;
import dev.potluck.directory.Verdict;
import dev.potluck.wire.Authority;
import dev.potluck.wire.CertificateRequest;
import dev.potluck.wire.CommitOutcome;
import dev.potluck.wire.Credential;
import dev.potluck.wire.Deleted;
import dev.potluck.wire.DirectoryService;
import dev.potluck.wire.Enrolment;
import dev.potluck.wire.Granted;
import dev.potluck.wire.Heartbeat;
import dev.potluck.wire.Moved;
import dev.potluck.wire.NotTheDirectory;
import dev.potluck.wire.Roster;
import dev.potluck.wire.SessionHandler;
import dev.potluck.wire.SessionSink;
import dev.potluck.wire.Ticket;
import dev.potluck.wire.WatchSink;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// The directory as a service on this machine: while it has a seat that leads, it answers; else it
/// says where to ask. What it decides goes through the log, and is told when it is durable there.
///
/// One lock guards the hard state and what the leading seat keeps in memory beside it.
final class DirectoryHost implements DirectoryService, AutoCloseable {
  private static final Logger LOG = System.getLogger(DirectoryHost.class.getName());
  private static final int WATCH_PART = 1_000;
  private static final Duration TICK = Duration.ofSeconds(1);

  /// A tick that is so much late says that this process was stopped, or not served.
  private static final Duration LATE = Duration.ofSeconds(1);

  private static final Duration VALIDITY_MAX = Duration.ofDays(365);
  private static final Duration ENDING_MAX = Duration.ofSeconds(2);

  /// How long who has left may stay connected.
  private static final long LEFT_MS = 2_000;

  private final PeerId self;
  private final Leases leases;
  private final Supplier<Optional<Authority>> authority;
  private final Instant began;
  private final long beganNanos = System.nanoTime();
  private final Neighbourhood neighbourhood;
  private final DenyList denied;
  private final Proposals proposals;
  private final ScheduledThreadPoolExecutor thread =
      new ScheduledThreadPoolExecutor(1, Thread.ofPlatform().name("directory").daemon().factory());

  /// Held by who is at the directory, for a moment.
  private final ReentrantLock lock = new ReentrantLock();

  private final Map<Integer, SessionSink> sinks = new HashMap<>();
  private final Signal changed = new Signal();
  private final AtomicLong partyChanges = new AtomicLong();
  private final CountDownLatch failed = new CountDownLatch(1);
  private final Map<PeerId, Hello> greeted = new HashMap<>();
  private final LockDesk desk = new LockDesk(new LockTable());
  private final Distrust distrust = new Distrust();

  /// Counts how often the log said that another seat leads.
  private final AtomicLong notices = new AtomicLong();

  /// Whether this seat leads, as the log says; the directory's thread acts on it.
  private volatile boolean leading;

  private volatile Optional<PeerId> leader = Optional.empty();
  private volatile @Nullable CommandLog log;
  private volatile @Nullable String broken;

  /// Null without a seat. Changed and used with the lock held, as what follows.
  private @Nullable DirectoryReplica replica;

  /// There while this seat leads.
  private @Nullable Tracker tracker;

  private Instant tickedAt;

  private long crownedAt;

  /// Counts the times that this seat began or ceased to lead.
  private long reign;

  /// What lies around this machine, as far as the directory has to do with it.
  interface Neighbourhood {
    /// Where the directory may be, for who asks in vain here.
    ///
    /// @param leader who leads it, if that is known
    List<Endpoint> elsewhere(Optional<PeerId> leader);

    /// Another machine leads the directory now. Must not wait.
    void ledBy(PeerId leader);

    /// Where newcomers can knock.
    List<Endpoint> addresses();

    /// A member begins a session here: whatever becomes of the directory, this machine has to know
    /// where it is.
    void greeted(PeerId member, Hello hello);

    /// Takes the seat of a member that goes, if it has one. May throw an {@link
    /// UnavailableException}.
    void vacate(PeerId member);

    /// Ends all connections of a peer that was expelled.
    void disconnect(PeerId peer);
  }

  /// @param self this machine, which can't be expelled while it leads
  /// @param authority the party's, if it is a closed one and this machine has a seat
  /// @param denied gets the peers that are on the directory's deny list
  DirectoryHost(
      PeerId self,
      Leases leases,
      Supplier<Optional<Authority>> authority,
      InstantSource clock,
      Neighbourhood neighbourhood,
      DenyList denied) {
    this.self = self;
    this.leases = leases;
    this.authority = authority;
    this.began = clock.instant();
    this.tickedAt = began;
    this.neighbourhood = neighbourhood;
    this.denied = denied;
    this.proposals = new Proposals(this::append, clock);
    var _ =
        thread.scheduleWithFixedDelay(
            this::tick, TICK.toMillis(), TICK.toMillis(), TimeUnit.MILLISECONDS);
  }

  /// Where a log makes a replica for this machine's seat.
  @FunctionalInterface
  interface Opening {
    CommandLog open(DirectoryReplica replica) throws IOException;
  }

  /// Takes a seat: from now on the log says what is so.
  ///
  /// @param incarnation of the directory before its first entry
  void seat(long incarnation, Opening opening) throws IOException {
    DirectoryReplica state = new DirectoryReplica(lock, incarnation, new Observer());
    lock.lock();
    try {
      replica = state;
    } finally {
      lock.unlock();
    }
    log = opening.open(state);
  }

  /// Gives the seat up.
  void unseat() {
    CommandLog closing = log;
    log = null;
    leading = false;
    if (closing != null) {
      closing.close();
    }
    deposed();
    lock.lock();
    try {
      replica = null;
      leader = Optional.empty();
    } finally {
      lock.unlock();
    }
  }

  /// For leases: goes on evenly, whatever becomes of the machine's clock.
  private Instant now() {
    return began.plusNanos(System.nanoTime() - beganNanos);
  }

  private CompletableFuture<Appended> append(byte[] entry) {
    CommandLog open = log;
    return open == null ? CompletableFuture.completedFuture(Appended.REJECTED) : open.append(entry);
  }

  /// Returns when the directory can't go on.
  void awaitFailure() throws InterruptedException {
    failed.await();
  }

  /// Runs an action when the directory can't go on.
  void onFailure(Runnable action) {
    Thread.ofVirtual()
        .name("directory-failure")
        .start(
            () -> {
              try {
                awaitFailure();
                action.run();
              } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
              }
            });
  }

  /// Waits until this seat leads.
  ///
  /// @throws UnavailableException if it does not in time
  void awaitLeading(Duration patience) throws InterruptedException {
    if (!Retry.until(this::isLeading, patience)) {
      throw new UnavailableException("the directory's log was not read within " + patience);
    }
  }

  /// Waits until this seat does not lead any more.
  ///
  /// @throws UnavailableException if it does not come to that in time
  void awaitDeposed(Duration patience) throws InterruptedException {
    if (!Retry.until(() -> !isLeading(), patience)) {
      throw new UnavailableException("no other machine leads the directory yet: try again");
    }
  }

  boolean isLeading() {
    lock.lock();
    try {
      return tracker != null;
    } finally {
      lock.unlock();
    }
  }

  /// Whether nobody but this machine is in the party, and it has the only seat: what it has made
  /// durable nobody can contradict.
  boolean isAlone() {
    lock.lock();
    try {
      Tracker now = tracker;
      if (now == null) {
        return false;
      }
      Directory directory = now.directory();
      return directory.members().stream()
              .map(Saved.Joined::peer)
              .allMatch(peer -> peer.equals(self) || directory.isDenied(peer))
          && seats().equals(Set.of(self));
    } finally {
      lock.unlock();
    }
  }

  /// Who leads, as far as this machine's seat knows.
  Optional<PeerId> leader() {
    return isLeading() ? Optional.of(self) : leader;
  }

  /// Who keeps the directory; nobody that this machine knows of, if it has no seat.
  Set<PeerId> seats() {
    CommandLog open = log;
    return open == null ? Set.of() : open.seats();
  }

  long names() {
    return led(tracker -> tracker.directory().size());
  }

  /// All hard state that this machine's seat has, whoever leads; nothing without a seat.
  List<Saved> kept() {
    lock.lock();
    try {
      List<Saved> all = new ArrayList<>();
      DirectoryReplica state = replica;
      if (state != null) {
        state.directory().saved().forEachRemaining(all::add);
      }
      return all;
    } finally {
      lock.unlock();
    }
  }

  /// The directory that this seat leads; 0 if it does not lead.
  long incarnation() {
    lock.lock();
    try {
      return tracker == null ? 0 : tracker.directory().incarnation();
    } finally {
      lock.unlock();
    }
  }

  /// What the log tells of itself.
  private final class Observer implements DirectoryReplica.Observer {
    @Override
    public void applied(long proposer, long number, Command command, Result result) {
      Optional<Proposal> ours = proposals.applied(proposer, number, result);
      DirectoryHost.this.applied(ours.orElseGet(() -> Proposal.of(command)), result);
    }

    @Override
    public void replaced(Directory now) {
      now.members().stream().map(Saved.Joined::peer).filter(now::isDenied).forEach(denied::add);
    }

    @Override
    public void leads() {
      leading = true;
      later(DirectoryHost.this::crowned);
    }

    @Override
    public void follows(Optional<String> other) {
      leading = false;
      notices.incrementAndGet();
      Optional<PeerId> now = other.map(PeerId::of);
      boolean news = !leader.equals(now);
      leader = now;
      later(
          () -> {
            deposed();
            if (news) {
              now.ifPresent(neighbourhood::ledBy);
            }
          });
    }

    @Override
    public void failed(String why) {
      broken = why;
      LOG.log(Level.ERROR, "the directory cannot write and ends: {0}", why);
      proposals.close();
      failed.countDown();
      changed.raise();
    }

    /// Notices come on the log's own threads, which must not wait.
    private void later(Runnable act) {
      try {
        thread.execute(act);
      } catch (RejectedExecutionException e) {
        LOG.log(Level.DEBUG, "the directory is ending: who leads does not matter any more");
      }
    }
  }

  /// This seat leads: what it keeps in memory begins anew.
  private void crowned() {
    lock.lock();
    try {
      DirectoryReplica state = replica;
      long notice = notices.get();
      if (!leading || state == null || (tracker != null && crownedAt == notice)) {
        return;
      }
      dethrone();
      crownedAt = notice;
      Directory directory = state.directory();
      boolean returning = !directory.members().isEmpty();
      tracker = new Tracker(directory, leases, now(), returning);
      reign++;
      LOG.log(Level.INFO, "this machine leads the directory");
    } finally {
      lock.unlock();
    }
  }

  private void deposed() {
    lock.lock();
    try {
      if (leading || tracker == null) {
        return;
      }
      dethrone();
      LOG.log(Level.INFO, "this machine does not lead the directory any more");
    } finally {
      lock.unlock();
    }
    changed.raise();
  }

  /// Forgets what the leading seat kept in memory, if there is anything. With the lock held.
  private void dethrone() {
    if (tracker != null) {
      tracker = null;
      reign++;
      // Whoever is told so closes its session at once.
      List<SessionSink> told = List.copyOf(sinks.values());
      sinks.clear();
      told.forEach(sink -> sink.ended("the directory is led by another machine now"));
      greeted.clear();
      desk.changed(); // Who waits here is told where to wait.
    }
  }

  /// Does something with the directory while this seat leads.
  ///
  /// @throws NotTheDirectory if it does not
  private <T> T led(Function<Tracker, T> task) {
    lock.lock();
    try {
      return task.apply(leadingTracker());
    } finally {
      lock.unlock();
    }
  }

  /// With the lock held.
  private Tracker leadingTracker() {
    String why = broken;
    if (why != null) {
      throw new UnavailableException("the directory cannot write and ends: " + why);
    }
    Tracker now = tracker;
    if (now == null) {
      throw new NotTheDirectory(neighbourhood.elsewhere(leader));
    }
    return now;
  }

  /// Proposes a command and waits until its result is durable.
  private Result commit(Proposal proposal) {
    try {
      return proposals.propose(proposal).get();
    } catch (ExecutionException e) {
      throw abandoned(proposal, e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new UnavailableException("interrupted while the directory was asked", e);
    }
  }

  /// What whoever proposed a command is told of which nothing comes, or nobody knows.
  private RuntimeException abandoned(Proposal proposal, @Nullable Throwable why) {
    abandon(proposal);
    return undecided(why);
  }

  private RuntimeException undecided(@Nullable Throwable why) {
    return switch (why) {
      case Proposals.NotLeadingException _ -> new NotTheDirectory(neighbourhood.elsewhere(leader));
      case PotluckException known -> known;
      case null, default -> new IllegalStateException(why);
    };
  }

  private Result commit(Command command) {
    Result result = commit(Proposal.of(command));
    if (result instanceof Result.Refused(var refusal, var why, _)) {
      throw refusal.exception(why);
    }
    return result;
  }

  private void abandon(Proposal proposal) {
    lock.lock();
    try {
      if (tracker != null) {
        tracker.abandoned(proposal);
      }
    } finally {
      lock.unlock();
    }
  }

  /// A command was applied. With the lock held.
  private void applied(Proposal proposal, Result result) {
    if (proposal.command() instanceof Command.Expel(var peer)) {
      denied.add(peer);
    }
    Tracker now = tracker;
    if (now == null) {
      return;
    }
    List<Verdict> verdicts = now.committed(proposal, result, now());
    if (proposal.command() instanceof Command.Learn(var by, var facts, _)) {
      noteLies(now, by, facts, verdicts);
    }
    SessionSink sink = sinks.get(proposal.session());
    if (sink != null && !verdicts.isEmpty()) {
      sink.verdicts(0, verdicts);
    }
    switch (proposal.command()) {
      case Command.Enlist _, Command.Redeem _, Command.DeclareDead _ -> partyChanged();
      case Command.Expel _ -> {
        desk.changed();
        partyChanged();
      }
      case Command.Forget _ ->
          LOG.log(Level.DEBUG, "deletions that nobody needs any more are forgotten");
      case Command.Lock _, Command.Unlock _, Command.Share _, Command.Expire _ -> desk.changed();
      case Command.Learn _,
          Command.Commit _,
          Command.Delete _,
          Command.Move _,
          Command.SetPolicy _ -> {
        if (!result.changes().isEmpty()) {
          changed.raise();
        }
      }
    }
  }

  /// Who announces what can't be is named in the status; giving up what is not known any more is no
  /// lie. With the lock held.
  private void noteLies(Tracker now, PeerId peer, List<Fact> facts, List<Verdict> verdicts) {
    if (verdicts.isEmpty()) {
      return;
    }
    Set<Name> claimed =
        facts.stream()
            .filter(fact -> !(fact instanceof Fact.GaveUp))
            .map(Fact::name)
            .collect(Collectors.toSet());
    for (Verdict verdict : verdicts) {
      if (verdict instanceof Verdict.Rejected(var name, var why) && claimed.contains(name)) {
        note(now, peer, name + ": " + why);
      }
    }
  }

  /// With the lock held.
  private void note(Tracker now, PeerId peer, String why) {
    String name = now.directory().member(peer).map(Saved.Joined::grantedName).orElseGet(peer::text);
    distrust.note(peer, name, why);
    LOG.log(Level.WARNING, "{0} announced what cannot be: {1}", name, why);
  }

  /// Who announced what can't be.
  List<Distrust.Distrusted> distrusted() {
    return distrust.peers();
  }

  /// Who watches is to ask for the members and seats again.
  void partyChanged() {
    partyChanges.incrementAndGet();
    changed.raise();
  }

  private void tick() {
    lock.lock();
    try {
      Instant at = now();
      Duration late = Duration.between(tickedAt, at).minus(TICK);
      tickedAt = at;
      Tracker now = tracker;
      if (broken != null || now == null) {
        return;
      }
      if (late.compareTo(LATE) > 0) {
        LOG.log(Level.INFO, "this machine stood still for {0} ms", late.toMillis());
        now.stoodStill(late);
      }
      Ticked ticked = now.tick(at);
      for (int session : ticked.ended()) {
        SessionSink sink = sinks.remove(session);
        if (sink != null) {
          sink.ended("its lease is over");
        }
      }
      if (ticked.proposal().isPresent()) {
        // If it comes to nothing, names stay that nobody has: nothing is lost.
        var _ = proposals.propose(ticked.proposal().get());
      }
    } catch (RuntimeException e) {
      LOG.log(Level.ERROR, "the directory failed in a way it should not", e);
    } finally {
      lock.unlock();
    }
  }

  @Override
  public SessionHandler session(PeerId caller, Hello hello, SessionSink sink) {
    led(tracker -> tracker.enlisting(caller, hello)).ifPresent(this::commit);
    long[] begun = {0};
    int session =
        led(
            tracker -> {
              begun[0] = reign;
              Started started = tracker.begin(caller, hello, now());
              sinks.put(started.session(), sink);
              sink.welcome(started.welcome());
              Hello before = greeted.put(caller, hello);
              if (before == null || !hello.isLike(before)) {
                partyChanged(); // It may have moved.
              }
              return started.session();
            });
    desk.changed();
    neighbourhood.greeted(caller, hello);
    LOG.log(Level.INFO, "{0} is here, at {1}", hello.name(), hello.control());
    return new Ears(caller, session, begun[0], sink);
  }

  /// One peer's session.
  private final class Ears implements SessionHandler {
    private final PeerId caller;
    private final int session;
    private final SessionSink sink;
    private final long ofReign;

    /// The last announcement that was judged.
    private long announced;

    /// The last one of which the peer was told so.
    private long acknowledged = -1;

    Ears(PeerId caller, int session, long ofReign, SessionSink sink) {
      this.ofReign = ofReign;
      this.caller = caller;
      this.session = session;
      this.sink = sink;
    }

    /// Sessions are counted anew in each reign: one of another must not be taken for this.
    private <T> T within(Function<Tracker, T> task) {
      return led(
          tracker -> {
            if (reign != ofReign) {
              throw new UnavailableException("the directory changed hands meanwhile");
            }
            return task.apply(tracker);
          });
    }

    @Override
    public void announce(Announcement announcement) {
      Optional<Proposal> news =
          within(
              tracker -> {
                Announced announced = tracker.announce(session, announcement, now());
                if (!announced.verdicts().isEmpty()) {
                  sink.verdicts(announcement.sequence(), announced.verdicts());
                }
                noteLies(tracker, caller, announcement.facts(), announced.verdicts());
                return announced.proposal();
              });
      news.ifPresent(DirectoryHost.this::commit);
      announced = announcement.sequence();
    }

    @Override
    public void heartbeat(Heartbeat heartbeat) {
      Pulse pulse =
          led(tracker -> tracker.heartbeat(session, heartbeat.load(), heartbeat.held(), now()));
      switch (pulse) {
        case FINE -> {
          if (acknowledged != announced) {
            acknowledged = announced;
            sink.judged(announced);
          }
        }
        case SEND_ALL -> sink.sendAll();
        case ENDED -> sink.ended("its lease is over");
      }
    }

    @Override
    public void lockInUse(long token) {
      desk.inUse(token);
    }

    @Override
    public void violated(String why) {
      within(
          tracker -> {
            note(tracker, caller, why);
            return true;
          });
    }

    /// The lease goes on: the peer returns within it or not.
    @Override
    public void closed() {
      lock.lock();
      try {
        sinks.remove(session, sink);
      } finally {
        lock.unlock();
      }
    }
  }

  @Override
  public void watch(PeerId caller, long incarnation, long fromRevision, WatchSink sink) {
    Feed feed =
        led(
            tracker ->
                new Feed(
                    tracker.directory().watch(incarnation, fromRevision),
                    tracker.directory().incarnation(),
                    reign,
                    sink));
    sink.begin(feed.incarnation);
    sink.onClose(changed::raise);
    Thread.ofVirtual().name("watch-" + caller).start(feed);
  }

  /// One watcher's events, as long as this seat leads.
  private final class Feed implements Runnable {
    private final dev.potluck.directory.Watch watch;
    private final long incarnation;
    private final long ofReign;
    private final WatchSink sink;

    Feed(dev.potluck.directory.Watch watch, long incarnation, long ofReign, WatchSink sink) {
      this.watch = watch;
      this.incarnation = incarnation;
      this.ofReign = ofReign;
      this.sink = sink;
    }

    @Override
    public void run() {
      try {
        long told = 0;
        long toldParty = 0;
        while (sink.isOpen()) {
          long seen = changed.count();
          long party = partyChanges.get();
          Optional<Changes> next = led(this::next);
          if (next.isPresent()) {
            told = next.get().revision();
            if (!sink.send(next.get())) {
              return;
            }
          } else if (party != toldParty) {
            // An event without entries: who watches asks for the members again. It comes behind the
            // names, and carries no revision that the watcher has not been brought to.
            toldParty = party;
            if (!sink.send(Changes.none(told))) {
              return;
            }
          } else {
            changed.awaitAfter(seen);
          }
        }
      } catch (UnavailableException | NotTheDirectory e) {
        LOG.log(Level.DEBUG, "a watch ends: {0}", e.getMessage());
      } catch (InterruptedException e) {
        LOG.log(Level.DEBUG, "a watch is interrupted");
      } catch (RuntimeException e) {
        LOG.log(Level.ERROR, "a watch failed in a way it should not", e);
      } finally {
        sink.close();
      }
    }

    private Optional<Changes> next(Tracker tracker) {
      if (reign != ofReign) {
        throw new UnavailableException("the directory changed hands meanwhile");
      }
      return watch.next(WATCH_PART);
    }
  }

  @Override
  public Found find(PeerId caller, Name name) {
    return led(tracker -> tracker.find(name, now()));
  }

  @Override
  public Optional<Found> findAtOnce(PeerId caller, Name name) {
    if (!lock.tryLock()) {
      return Optional.empty();
    }
    try {
      return Optional.of(leadingTracker().find(name, now()));
    } finally {
      lock.unlock();
    }
  }

  @Override
  public List<Listed> list(PeerId caller, Optional<Name> prefix, Optional<Name> after, int limit) {
    return led(
        tracker -> tracker.list(prefix.orElse(null), after.orElse(null), null, limit, now()));
  }

  @Override
  public Roster members(PeerId caller) {
    return new Roster(members(), List.copyOf(seats()));
  }

  /// Whether a machine is a member, as far as this one's seat knows.
  boolean isMember(PeerId peer) {
    lock.lock();
    try {
      return replica != null && replica.directory().member(peer).isPresent();
    } finally {
      lock.unlock();
    }
  }

  /// Whether there are members that this machine, which leads, does not hear of.
  boolean missesSomebody() {
    lock.lock();
    try {
      return tracker != null
          && tracker.members(now()).stream()
              .map(Member::state)
              .anyMatch(state -> state == MemberState.SUSPECT || state == MemberState.DEAD);
    } finally {
      lock.unlock();
    }
  }

  List<Member> members() {
    return led(tracker -> tracker.members(now()));
  }

  /// Where a member was when it last began a session here.
  Optional<Endpoint> lastAddress(PeerId member) {
    lock.lock();
    try {
      return Optional.ofNullable(greeted.get(member)).map(Hello::control);
    } finally {
      lock.unlock();
    }
  }

  /// Notes that a member is dead, by agreement.
  void declareDead(PeerId member) {
    var _ = commit(new Command.DeclareDead(member));
  }

  @Override
  public CompletableFuture<CommitOutcome> commit(PeerId caller, List<Fact.Edited> edits) {
    Proposal proposal = Proposal.of(new Command.Commit(caller, edits));
    return proposals
        .propose(proposal)
        .handle(
            (result, failure) -> {
              if (failure != null) {
                // On the thread that waits for the network, and of no session: no lock is taken.
                throw undecided(failure);
              }
              return outcome(result);
            });
  }

  /// Commits edits of this machine, and waits until that is durable.
  CommitOutcome commitOwn(List<Fact.Edited> edits) {
    return outcome(commit(Proposal.of(new Command.Commit(self, edits))));
  }

  private static CommitOutcome outcome(Result result) {
    return switch (result) {
      case Result.Committed(var versions, var changes) ->
          new CommitOutcome.Committed(versions, changes.revision());
      case Result.Refused(var refusal, var why, var conflicts) ->
          new CommitOutcome.Refused(refusal, why, conflicts);
      case Result other -> throw new IllegalStateException("not of a commit: " + other);
    };
  }

  @Override
  public Deleted delete(PeerId caller, List<Name> names) {
    Result result = commit(new Command.Delete(caller, names));
    return result instanceof Result.Deleted(var missing, var changes)
        ? new Deleted(missing, changes.revision())
        : new Deleted(names, 0);
  }

  @Override
  public Moved move(PeerId caller, Name from, Name to) {
    Result result = commit(new Command.Move(caller, from, to));
    if (result instanceof Result.Moved(var version, var changes)) {
      return new Moved(version, changes.revision());
    }
    throw new NoSuchNameException("no such name: " + from);
  }

  @Override
  public Granted lock(PeerId caller, Name name, LockMode mode, Duration wait) {
    HeldLock held = desk.lock(caller, name, mode, wait);
    return led(
        tracker ->
            new Granted(held, tracker.directory().incarnation(), tracker.directory().revision()));
  }

  @Override
  public void unlock(PeerId caller, Name name, long token) {
    var _ = commit(new Command.Unlock(caller, name, token));
  }

  @Override
  public void share(PeerId caller, Name name, long token) {
    var _ = commit(new Command.Share(caller, name, token));
  }

  @Override
  public List<HeldLock> locks(PeerId caller, List<Name> names) {
    return led(tracker -> names.isEmpty() ? tracker.locksOf(caller) : tracker.locksOn(names));
  }

  @Override
  public List<Entry> history(PeerId caller, Name name) {
    return led(tracker -> tracker.history(name, now()));
  }

  /// What the desk where peers wait sees of the directory.
  private final class LockTable implements LockDesk.Table {
    @Override
    public List<HeldLock> holders(Name name) {
      return led(tracker -> tracker.locksOn(List.of(name)));
    }

    @Override
    public void wanted(NameLock held) {
      led(tracker -> Optional.ofNullable(sinks.get(tracker.sessionOf(held.owner()))))
          .ifPresent(sink -> sink.lockWanted(held.name(), held.token()));
    }

    @Override
    public boolean isHere(PeerId peer) {
      return led(tracker -> tracker.isHere(peer, now()));
    }

    @Override
    public Result commit(Command command) {
      return DirectoryHost.this.commit(Proposal.of(command));
    }
  }

  @Override
  public Ticket invite(PeerId caller, Duration validity) {
    if (!validity.isPositive() || validity.compareTo(VALIDITY_MAX) > 0) {
      throw new UsageException("a ticket is valid for up to a year, not for " + validity);
    }
    requireLeading();
    return authority
        .get()
        .orElseThrow(
            () ->
                new UsageException(
                    "this party is open: whoever can reach it joins with --open, without a ticket"))
        .invite(neighbourhood.addresses(), validity);
  }

  private void requireLeading() {
    boolean _ = led(tracker -> true);
  }

  @Override
  public void expel(PeerId caller, PeerId member) {
    deny(member);
    neighbourhood.disconnect(member);
    LOG.log(Level.INFO, "{0} was expelled", member);
  }

  private void deny(PeerId member) {
    requireLeading();
    if (member.equals(self)) {
      throw new UsageException(
          "this machine leads the directory: let it leave by itself (potluck leave)");
    }
    boolean known = led(tracker -> tracker.directory().member(member).isPresent());
    if (!known) {
      throw new NoSuchNameException("no such peer: " + member);
    }
    neighbourhood.vacate(member);
    var _ = commit(new Command.Expel(member));
  }

  @Override
  public void leave(PeerId caller) {
    deny(caller);
    LOG.log(Level.INFO, "{0} has left", caller);
    // It ends by itself once it has this answer; cut at once, it would never see it.
    var _ = thread.schedule(() -> neighbourhood.disconnect(caller), LEFT_MS, TimeUnit.MILLISECONDS);
  }

  @Override
  public Credential renew(PeerId caller, CertificateRequest request) {
    if (!request.id().equals(caller)) {
      throw new DeniedException("a certificate is renewed by its owner only");
    }
    requireLeading();
    return issuing().issue(request);
  }

  @Override
  public Credential enrol(Enrolment enrolment) {
    requireLeading();
    PeerId peer = enrolment.request().id();
    if (denied.test(peer)) {
      throw new DeniedException("this machine was expelled from the party");
    }
    Authority issuing = issuing();
    issuing.check(enrolment);
    var _ = commit(new Command.Redeem(enrolment.ticketId(), enrolment.expires(), peer));
    return issuing.issue(enrolment.request());
  }

  private Authority issuing() {
    return authority
        .get()
        .orElseThrow(
            () ->
                new DeniedException(
                    "this party is open and has no certificates: join with --open"));
  }

  @Override
  public void close() {
    desk.close();
    proposals.close();
    leading = false;
    deposed();
    thread.shutdownNow();
    changed.raise();
    try {
      // What is being written is not a failure of the disk.
      if (!thread.awaitTermination(ENDING_MAX.toMillis(), TimeUnit.MILLISECONDS)) {
        LOG.log(Level.WARNING, "the directory is still busy while it ends");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    CommandLog open = log;
    if (open != null) {
      open.close();
    }
  }
}
