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
import dev.potluck.directory.Hello;
import dev.potluck.directory.Leases;
import dev.potluck.directory.Listed;
import dev.potluck.directory.Member;
import dev.potluck.directory.PeerId;
import dev.potluck.directory.Proposal;
import dev.potluck.directory.Pulse;
import dev.potluck.directory.Result;
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
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.function.Supplier;

/// Hosts the directory in this process: one thread owns the tracker and makes what it decides
/// durable before anyone hears of it. If the disk fails, the directory ends rather than say what it
/// cannot keep.
final class DirectoryHost implements DirectoryService, AutoCloseable {
  private static final Logger LOG = System.getLogger(DirectoryHost.class.getName());
  private static final int WATCH_PART = 1_000;
  private static final Duration TICK = Duration.ofSeconds(1);

  /// How long who has left may stay connected.
  private static final long LEFT_MS = 2_000;

  private final DirectoryStore store;
  private final Tracker tracker;
  private final Optional<Authority> authority;
  private final InstantSource clock;
  private final Supplier<List<Endpoint>> addresses;
  private final Consumer<PeerId> disconnect;
  private final ScheduledThreadPoolExecutor thread =
      new ScheduledThreadPoolExecutor(1, Thread.ofPlatform().name("directory").daemon().factory());
  private final Map<Integer, SessionSink> sinks = new HashMap<>();
  private final DenyList denied;
  private final Signal changed = new Signal();
  private final AtomicLong partyChanges = new AtomicLong();
  private final CountDownLatch failed = new CountDownLatch(1);

  /// @param authority the party's, if it is a closed one
  /// @param addresses what tickets say where to knock
  /// @param disconnect ends all connections of an expelled peer
  /// @param denied gets the peers that are on the directory's deny list
  DirectoryHost(
      DirectoryStore store,
      Leases leases,
      Optional<Authority> authority,
      InstantSource clock,
      Supplier<List<Endpoint>> addresses,
      Consumer<PeerId> disconnect,
      DenyList denied)
      throws IOException {
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
      return thread.submit(task).get();
    } catch (ExecutionException e) {
      if (e.getCause() instanceof PotluckException known) {
        throw known;
      }
      throw new IllegalStateException(e.getCause());
    } catch (RejectedExecutionException e) {
      throw new UnavailableException("the directory is ending", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new UnavailableException("interrupted", e);
    }
  }

  /// Applies a command and makes its outcome durable. On the directory's thread.
  private Result commit(Proposal proposal) {
    Result result = tracker.directory().apply(proposal.command(), clock.instant());
    boolean partyToo =
        switch (proposal.command()) {
          case Command.Enlist _, Command.Redeem _, Command.Expel _ -> true;
          case Command.Learn _,
              Command.Commit _,
              Command.Delete _,
              Command.Move _,
              Command.SetPolicy _ ->
              false;
        };
    try {
      store.save(tracker.directory(), result.changes().entries(), partyToo);
    } catch (IOException e) {
      LOG.log(Level.ERROR, "the directory cannot write and ends: {0}", e.getMessage());
      failed.countDown();
      thread.shutdown();
      throw new UnavailableException("the directory cannot write: " + e.getMessage(), e);
    }
    List<Verdict> verdicts = tracker.committed(proposal, result, clock.instant());
    SessionSink sink = sinks.get(proposal.session());
    if (sink != null && !verdicts.isEmpty()) {
      sink.verdicts(0, verdicts);
    }
    if (partyToo) {
      partyChanges.incrementAndGet();
    }
    if (partyToo || !result.changes().isEmpty()) {
      changed.raise();
    }
    return result;
  }

  private Result commit(Command command) {
    Result result = call(() -> commit(Proposal.of(command)));
    if (result instanceof Result.Refused(var refusal, var why, _)) {
      throw refusal.exception(why);
    }
    return result;
  }

  private void tick() {
    try {
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
              return started.session();
            });
    LOG.log(Level.INFO, "{0} is here, at {1}", hello.name(), hello.control());
    return new Ears(session, sink);
  }

  /// One peer's session.
  private final class Ears implements SessionHandler {
    private final int session;
    private final SessionSink sink;

    Ears(int session, SessionSink sink) {
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
    public void closed() {
      // The lease goes on: the peer returns within it or not.
      thread.execute(() -> sinks.remove(session, sink));
    }
  }

  @Override
  public void watch(PeerId caller, long incarnation, long fromRevision, WatchSink sink) {
    dev.potluck.directory.Watch watch =
        call(() -> tracker.directory().watch(incarnation, fromRevision));
    sink.begin(call(() -> tracker.directory().incarnation()));
    sink.onClose(changed::raise);
    Thread.ofVirtual().name("watch-" + caller).start(() -> feed(watch, fromRevision, sink));
  }

  private void feed(dev.potluck.directory.Watch watch, long fromRevision, WatchSink sink) {
    try {
      long told = fromRevision;
      long toldParty = 0;
      while (sink.isOpen()) {
        long seen = changed.count();
        long party = partyChanges.get();
        Optional<Changes> next = wholeEvent(watch);
        if (next.isEmpty() && party != toldParty) {
          // An event without entries, after all that have some and with the revision of the last
          // of them: who watches asks for the members again.
          next = Optional.of(Changes.none(told));
        }
        if (next.isEmpty()) {
          changed.awaitAfter(seen);
        } else if (!sink.send(next.get())) {
          return;
        } else {
          told = next.get().revision();
          toldParty = party;
        }
      }
    } catch (UnavailableException e) {
      LOG.log(Level.DEBUG, "a watch ends: {0}", e.getMessage());
      sink.close();
    } catch (InterruptedException e) {
      sink.close();
    }
  }

  /// The next event with all its parts.
  private Optional<Changes> wholeEvent(dev.potluck.directory.Watch watch) {
    Optional<Changes> part = call(() -> watch.next(WATCH_PART));
    if (part.isEmpty() || part.get().last()) {
      return part;
    }
    List<Entry> entries = new ArrayList<>();
    while (part.isPresent() && !part.get().last()) {
      entries.addAll(part.get().entries());
      part = call(() -> watch.next(WATCH_PART));
    }
    Changes last = part.orElseThrow();
    entries.addAll(last.entries());
    return Optional.of(new Changes(last.revision(), last.snapshot(), entries));
  }

  @Override
  public Found find(PeerId caller, Name name) {
    return call(() -> tracker.find(name, clock.instant()));
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
  public Ticket invite(PeerId caller, Duration validity) {
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
    thread.shutdownNow();
    changed.raise();
    try {
      store.close();
    } catch (IOException e) {
      throw new FailedException("cannot close the directory's database: " + e.getMessage(), e);
    }
  }
}
