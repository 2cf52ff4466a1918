package dev.potluck.peer;

import dev.potluck.content.DeniedException;
import dev.potluck.content.FailedException;
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
import dev.potluck.directory.Member;
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
import dev.potluck.wire.Heartbeat;
import dev.potluck.wire.Moved;
import dev.potluck.wire.SessionHandler;
import dev.potluck.wire.SessionSink;
import dev.potluck.wire.Ticket;
import dev.potluck.wire.WatchSink;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// Hosts the directory in this process: one thread changes the tracker and makes what it decides
/// durable before anyone hears of it; others may look a name up between its tasks. If the disk
/// fails, the directory ends rather than say what it cannot keep.
final class DirectoryHost implements DirectoryService, AutoCloseable {
  private static final Logger LOG = System.getLogger(DirectoryHost.class.getName());
  private static final int WATCH_PART = 1_000;
  private static final Duration TICK = Duration.ofSeconds(1);
  private static final Duration VALIDITY_MAX = Duration.ofDays(365);
  private static final Duration ENDING_MAX = Duration.ofSeconds(2);

  /// How long who has left may stay connected.
  private static final long LEFT_MS = 2_000;

  private final PeerId self;
  private final DirectoryStore store;
  private final Tracker tracker;
  private final Optional<Authority> authority;
  private final InstantSource clock;
  private final Supplier<List<Endpoint>> addresses;
  private final Consumer<PeerId> disconnect;
  private final ScheduledThreadPoolExecutor thread =
      new ScheduledThreadPoolExecutor(1, Thread.ofPlatform().name("directory").daemon().factory());

  /// Held by who is at the tracker: the directory's thread for a task, anyone for a look.
  private final ReentrantLock seat = new ReentrantLock();

  private final Map<Integer, SessionSink> sinks = new HashMap<>();
  private final DenyList denied;
  private final Signal changed = new Signal();
  private final AtomicLong partyChanges = new AtomicLong();
  private final CountDownLatch failed = new CountDownLatch(1);
  private final Map<PeerId, Hello> greeted = new HashMap<>();
  private final LockDesk desk = new LockDesk(new LockTable());
  private final Distrust distrust = new Distrust();
  private volatile @Nullable String broken;

  /// @param self this machine, which can't be expelled: it would take the directory with it
  /// @param authority the party's, if it is a closed one
  /// @param addresses what tickets say where to knock
  /// @param disconnect ends all connections of an expelled peer
  /// @param denied gets the peers that are on the directory's deny list
  DirectoryHost(
      PeerId self,
      DirectoryStore store,
      Leases leases,
      Optional<Authority> authority,
      InstantSource clock,
      Supplier<List<Endpoint>> addresses,
      Consumer<PeerId> disconnect,
      DenyList denied)
      throws IOException {
    this.self = self;
    this.store = store;
    this.authority = authority;
    this.clock = clock;
    this.addresses = addresses;
    this.disconnect = disconnect;
    this.denied = denied;
    Directory directory = store.load();
    boolean returning = !directory.members().isEmpty();
    this.tracker = new Tracker(directory, leases, clock.instant(), returning);
    directory.members().stream()
        .filter(member -> directory.isDenied(member.peer()))
        .forEach(member -> denied.add(member.peer()));
    var _ =
        thread.scheduleWithFixedDelay(
            this::tick, TICK.toMillis(), TICK.toMillis(), TimeUnit.MILLISECONDS);
  }

  /// Returns when the directory can't go on.
  void awaitFailure() throws InterruptedException {
    failed.await();
  }

  long names() {
    return call(() -> tracker.directory().size());
  }

  private <T> T call(Callable<T> task) {
    try {
      return thread
          .submit(
              () -> {
                seat.lock();
                try {
                  requireDurable();
                  return task.call();
                } finally {
                  seat.unlock();
                }
              })
          .get();
    } catch (ExecutionException e) {
      if (e.getCause() instanceof PotluckException known) {
        throw known;
      }
      throw new IllegalStateException(e.getCause());
    } catch (RejectedExecutionException | CancellationException e) {
      throw new UnavailableException("the directory is ending: try again when it is back", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new UnavailableException("interrupted while the directory was asked", e);
    }
  }

  /// Once something could not be written, what is in memory is more than what was kept: nothing
  /// must be answered from it, nor anything more be written.
  private void requireDurable() {
    String why = broken;
    if (why != null) {
      throw new UnavailableException("the directory cannot write and ends: " + why);
    }
  }

  /// Applies a command and makes its outcome durable. On the directory's thread.
  private Result commit(Proposal proposal) {
    Result result = tracker.directory().apply(proposal.command(), clock.instant());
    boolean partyToo =
        switch (proposal.command()) {
          case Command.Enlist _, Command.Redeem _, Command.Expel _ -> true;
          case Command.Lock _, Command.Unlock _, Command.Expire _ -> false;
          case Command.Learn _,
              Command.Commit _,
              Command.Delete _,
              Command.Move _,
              Command.SetPolicy _ ->
              false;
        };
    boolean locksToo =
        switch (proposal.command()) {
          case Command.Lock _, Command.Unlock _, Command.Expire _, Command.Expel _ -> true;
          case Command _ -> false;
        };
    try {
      store.save(tracker.directory(), result.changes().entries(), partyToo, locksToo);
    } catch (IOException e) {
      broken = String.valueOf(e.getMessage());
      LOG.log(Level.ERROR, "the directory cannot write and ends: {0}", broken);
      failed.countDown();
      changed.raise();
      throw new UnavailableException("the directory cannot write and ends: " + broken, e);
    }
    List<Verdict> verdicts = tracker.committed(proposal, result, clock.instant());
    if (proposal.command() instanceof Command.Learn(var by, var facts)) {
      noteLies(by, facts, verdicts);
    }
    SessionSink sink = sinks.get(proposal.session());
    if (sink != null && !verdicts.isEmpty()) {
      sink.verdicts(0, verdicts);
    }
    if (locksToo) {
      desk.changed();
    }
    if (partyToo) {
      partyChanged();
    } else if (!result.changes().isEmpty()) {
      changed.raise();
    }
    return result;
  }

  /// Who announces what can't be is named in the status; giving up what is not known any more is no
  /// lie. On the directory's thread.
  private void noteLies(PeerId peer, List<Fact> facts, List<Verdict> verdicts) {
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
        note(peer, name + ": " + why);
      }
    }
  }

  /// On the directory's thread.
  private void note(PeerId peer, String why) {
    String name =
        tracker.directory().member(peer).map(Saved.Joined::grantedName).orElseGet(peer::text);
    distrust.note(peer, name, why);
    LOG.log(Level.WARNING, "{0} announced what cannot be: {1}", name, why);
  }

  /// Who announced what can't be.
  List<Distrust.Distrusted> distrusted() {
    return distrust.peers();
  }

  /// Who watches is to ask for the members again.
  private void partyChanged() {
    partyChanges.incrementAndGet();
    changed.raise();
  }

  private Result commit(Command command) {
    Result result = call(() -> commit(Proposal.of(command)));
    if (result instanceof Result.Refused(var refusal, var why, _)) {
      throw refusal.exception(why);
    }
    return result;
  }

  private void tick() {
    seat.lock();
    try {
      if (broken != null) {
        return;
      }
      Ticked ticked = tracker.tick(clock.instant());
      for (int session : ticked.ended()) {
        SessionSink sink = sinks.remove(session);
        if (sink != null) {
          sink.ended("its lease is over");
        }
      }
      ticked.proposal().ifPresent(this::commit);
    } catch (RuntimeException e) {
      LOG.log(Level.ERROR, "the directory failed in a way it should not", e);
    } finally {
      seat.unlock();
    }
  }

  @Override
  public SessionHandler session(PeerId caller, Hello hello, SessionSink sink) {
    int session =
        call(
            () -> {
              tracker.enlisting(caller, hello).ifPresent(this::commit);
              Started started = tracker.begin(caller, hello, clock.instant());
              sinks.put(started.session(), sink);
              sink.welcome(started.welcome());
              if (!hello.equals(greeted.put(caller, hello))) {
                partyChanged(); // It may have moved.
              }
              return started.session();
            });
    desk.changed();
    LOG.log(Level.INFO, "{0} is here, at {1}", hello.name(), hello.control());
    return new Ears(caller, session, sink);
  }

  /// One peer's session.
  private final class Ears implements SessionHandler {
    private final PeerId caller;
    private final int session;
    private final SessionSink sink;

    Ears(PeerId caller, int session, SessionSink sink) {
      this.caller = caller;
      this.session = session;
      this.sink = sink;
    }

    @Override
    public void announce(Announcement announcement) {
      var _ =
          call(
              () -> {
                Announced announced = tracker.announce(session, announcement, clock.instant());
                if (!announced.verdicts().isEmpty()) {
                  sink.verdicts(announcement.sequence(), announced.verdicts());
                }
                noteLies(caller, announcement.facts(), announced.verdicts());
                announced.proposal().ifPresent(DirectoryHost.this::commit);
                return null;
              });
    }

    @Override
    public void heartbeat(Heartbeat heartbeat) {
      Pulse pulse =
          call(
              () ->
                  tracker.heartbeat(session, heartbeat.load(), heartbeat.held(), clock.instant()));
      switch (pulse) {
        case FINE -> {}
        case SEND_ALL -> sink.sendAll();
        case ENDED -> sink.ended("its lease is over");
      }
    }

    @Override
    public void violated(String why) {
      var _ =
          call(
              () -> {
                note(caller, why);
                return null;
              });
    }

    @Override
    public void closed() {
      // The lease goes on: the peer returns within it or not.
      try {
        thread.execute(() -> sinks.remove(session, sink));
      } catch (RejectedExecutionException e) {
        LOG.log(Level.DEBUG, "the directory is ending: a session need not be forgotten");
      }
    }
  }

  @Override
  public void watch(PeerId caller, long incarnation, long fromRevision, WatchSink sink) {
    dev.potluck.directory.Watch watch =
        call(() -> tracker.directory().watch(incarnation, fromRevision));
    sink.begin(call(() -> tracker.directory().incarnation()));
    sink.onClose(changed::raise);
    Thread.ofVirtual().name("watch-" + caller).start(() -> feed(watch, sink));
  }

  private void feed(dev.potluck.directory.Watch watch, WatchSink sink) {
    try {
      long told = 0;
      long toldParty = 0;
      while (sink.isOpen()) {
        long seen = changed.count();
        long party = partyChanges.get();
        Optional<Changes> next = call(() -> watch.next(WATCH_PART));
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
    } catch (UnavailableException e) {
      LOG.log(Level.DEBUG, "a watch ends: {0}", e.getMessage());
    } catch (InterruptedException e) {
      LOG.log(Level.DEBUG, "a watch is interrupted");
    } catch (RuntimeException e) {
      LOG.log(Level.ERROR, "a watch failed in a way it should not", e);
    } finally {
      sink.close();
    }
  }

  @Override
  public Found find(PeerId caller, Name name) {
    return call(() -> tracker.find(name, clock.instant()));
  }

  @Override
  public Optional<Found> findAtOnce(PeerId caller, Name name) {
    if (!seat.tryLock()) {
      return Optional.empty();
    }
    try {
      requireDurable();
      return Optional.of(tracker.find(name, clock.instant()));
    } finally {
      seat.unlock();
    }
  }

  @Override
  public List<Listed> list(PeerId caller, Optional<Name> prefix, Optional<Name> after, int limit) {
    return call(
        () -> tracker.list(prefix.orElse(null), after.orElse(null), null, limit, clock.instant()));
  }

  @Override
  public List<Member> members(PeerId caller) {
    return call(() -> tracker.members(clock.instant()));
  }

  @Override
  public CommitOutcome commit(PeerId caller, List<Fact.Edited> edits) {
    return call(
        () ->
            switch (commit(Proposal.of(new Command.Commit(caller, edits)))) {
              case Result.Committed(var versions, var changes) ->
                  new CommitOutcome.Committed(versions, changes.revision());
              case Result.Refused(var refusal, var why, var conflicts) ->
                  new CommitOutcome.Refused(refusal, why, conflicts);
              case Result other -> throw new IllegalStateException("not of a commit: " + other);
            });
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
  public HeldLock lock(PeerId caller, Name name, Duration wait) {
    return desk.lock(caller, name, wait);
  }

  @Override
  public void unlock(PeerId caller, Name name, long token) {
    commit(new Command.Unlock(caller, name, token));
  }

  @Override
  public List<HeldLock> locks(PeerId caller, List<Name> names) {
    return call(() -> names.isEmpty() ? tracker.locksOf(caller) : tracker.locksOn(names));
  }

  @Override
  public List<Entry> history(PeerId caller, Name name) {
    return call(() -> tracker.history(name, clock.instant()));
  }

  /// What the desk where peers wait sees of the directory.
  private final class LockTable implements LockDesk.Table {
    @Override
    public Optional<HeldLock> holder(Name name) {
      return call(() -> tracker.locksOn(List.of(name)).stream().findFirst());
    }

    @Override
    public boolean isHere(PeerId peer) {
      return call(() -> tracker.isHere(peer, clock.instant()));
    }

    @Override
    public Result commit(Command command) {
      return call(() -> DirectoryHost.this.commit(Proposal.of(command)));
    }
  }

  @Override
  public Ticket invite(PeerId caller, Duration validity) {
    if (!validity.isPositive() || validity.compareTo(VALIDITY_MAX) > 0) {
      throw new UsageException("a ticket is valid for up to a year, not for " + validity);
    }
    return authority
        .orElseThrow(
            () ->
                new UsageException(
                    "this party is open: whoever can reach it joins with --open, without a ticket"))
        .invite(addresses.get(), validity);
  }

  @Override
  public void expel(PeerId caller, PeerId member) {
    deny(member);
    disconnect.accept(member);
    LOG.log(Level.INFO, "{0} was expelled", member);
  }

  private void deny(PeerId member) {
    if (member.equals(self)) {
      throw new UsageException(
          "this machine hosts the directory: without it the party could not go on");
    }
    boolean known = call(() -> tracker.directory().member(member).isPresent());
    if (!known) {
      throw new NoSuchNameException("no such peer: " + member);
    }
    commit(new Command.Expel(member));
    denied.add(member);
  }

  @Override
  public void leave(PeerId caller) {
    deny(caller);
    LOG.log(Level.INFO, "{0} has left", caller);
    // It ends by itself once it has this answer; cut at once, it would never see it.
    var _ = thread.schedule(() -> disconnect.accept(caller), LEFT_MS, TimeUnit.MILLISECONDS);
  }

  @Override
  public Credential renew(PeerId caller, CertificateRequest request) {
    if (!request.id().equals(caller)) {
      throw new DeniedException("a certificate is renewed by its owner only");
    }
    return issuing().issue(request);
  }

  @Override
  public Credential enrol(Enrolment enrolment) {
    if (denied.test(enrolment.request().id())) {
      throw new DeniedException("this machine was expelled from the party");
    }
    return issuing().admit(enrolment);
  }

  private Authority issuing() {
    return authority.orElseThrow(
        () -> new DeniedException("this party is open and has no certificates: join with --open"));
  }

  @Override
  public void close() {
    desk.close();
    // Who waits for an answer that will not come is told so.
    for (Runnable unanswered : thread.shutdownNow()) {
      if (unanswered instanceof Future<?> call) {
        call.cancel(false);
      }
    }
    changed.raise();
    try {
      // What is being written is not a failure of the disk.
      if (!thread.awaitTermination(ENDING_MAX.toMillis(), TimeUnit.MILLISECONDS)) {
        LOG.log(Level.WARNING, "the directory is still busy while it ends");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    try {
      store.close();
    } catch (IOException e) {
      throw new FailedException("cannot close the directory's database: " + e.getMessage(), e);
    }
  }
}
