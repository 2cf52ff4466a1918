package dev.potluck.wire;

import dev.potluck.content.ConflictException;
import dev.potluck.content.ContentId;
import dev.potluck.content.DeniedException;
import dev.potluck.content.Name;
import dev.potluck.content.NoSuchNameException;
import dev.potluck.content.UnavailableException;
import dev.potluck.content.Version;
import dev.potluck.directory.Announcement;
import dev.potluck.directory.Endpoint;
import dev.potluck.directory.Entry;
import dev.potluck.directory.Fact;
import dev.potluck.directory.FactDigest;
import dev.potluck.directory.Found;
import dev.potluck.directory.HeldLock;
import dev.potluck.directory.Hello;
import dev.potluck.directory.Listed;
import dev.potluck.directory.LockMode;
import dev.potluck.directory.NameLock;
import dev.potluck.directory.PeerId;
import dev.potluck.directory.Refusal;
import dev.potluck.directory.Verdict;
import dev.potluck.directory.Welcome;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/// A directory that remembers what it was told, for tests of what carries it.
final class FakeDirectory implements DirectoryService {
  final Authority authority;
  final Map<Name, Entry> entries = new ConcurrentHashMap<>();
  private final Map<String, PeerId> used = new ConcurrentHashMap<>();
  volatile List<String> holders = List.of("anna");
  final BlockingQueue<Object> heard = new LinkedBlockingQueue<>();
  final BlockingQueue<SessionSink> sessions = new LinkedBlockingQueue<>();
  final BlockingQueue<WatchSink> watches = new LinkedBlockingQueue<>();
  volatile Duration lease = Duration.ofMinutes(1);
  volatile Optional<Endpoint> elsewhere = Optional.empty();
  final CountDownLatch waiting = new CountDownLatch(1);
  final CountDownLatch hungUp = new CountDownLatch(1);
  private final CountDownLatch never = new CountDownLatch(1);
  volatile Runnable onHeartbeat = () -> {};

  FakeDirectory(Authority authority) {
    this.authority = authority;
  }

  static Entry entry(String name, long revision) {
    Version version = Version.file(1, ContentId.EMPTY, Instant.ofEpochSecond(1, 2), 0644);
    return new Entry(Name.of(name), version, false, revision);
  }

  private void redirect() {
    elsewhere.ifPresent(
        endpoint -> {
          throw new NotTheDirectory(List.of(endpoint));
        });
  }

  @Override
  public SessionHandler session(PeerId caller, Hello hello, SessionSink sink) {
    redirect();
    heard.add(hello);
    sink.welcome(
        new Welcome(
            hello.name() + "-2",
            -7,
            lease,
            Duration.ofMillis(500),
            Duration.ofDays(9),
            true,
            new FactDigest(-3, 4)));
    sessions.add(sink);
    return new SessionHandler() {
      @Override
      public void announce(Announcement announcement) {
        heard.add(announcement);
        List<Verdict> verdicts =
            announcement.facts().stream()
                .map(fact -> (Verdict) new Verdict.Rejected(fact.name(), "no"))
                .toList();
        sink.verdicts(announcement.sequence(), verdicts);
      }

      @Override
      public void heartbeat(Heartbeat heartbeat) {
        onHeartbeat.run();
        heard.add(heartbeat);
      }

      @Override
      public void lockInUse(long token) {
        heard.add("in use: " + token);
      }

      @Override
      public void violated(String why) {
        heard.add("violated: " + why);
      }

      @Override
      public void closed() {
        heard.add("closed");
      }
    };
  }

  @Override
  public void watch(PeerId caller, long incarnation, long fromRevision, WatchSink sink) {
    redirect();
    sink.begin(-9);
    watches.add(sink);
  }

  @Override
  public Found find(PeerId caller, Name name) {
    redirect();
    Entry entry = entries.get(name);
    if (entry == null) {
      throw new NoSuchNameException("no such name: " + name);
    }
    return new Found(entry, List.of(), true);
  }

  @Override
  public List<Listed> list(PeerId caller, Optional<Name> prefix, Optional<Name> after, int limit) {
    redirect();
    return entries.values().stream()
        .filter(e -> prefix.isEmpty() || e.name().isIn(prefix.get()))
        .filter(e -> after.isEmpty() || e.name().compareTo(after.get()) > 0)
        .sorted((a, b) -> a.name().compareTo(b.name()))
        .limit(limit)
        .map(e -> new Listed(e, holders))
        .toList();
  }

  @Override
  public Roster members(PeerId caller) {
    throw new IllegalStateException("a secret detail");
  }

  @Override
  public CompletableFuture<CommitOutcome> commit(PeerId caller, List<Fact.Edited> edits) {
    return CompletableFuture.completedFuture(
        edits.size() > 1
            ? new CommitOutcome.Refused(Refusal.CONFLICT, "too many", List.of())
            : new CommitOutcome.Committed(edits.stream().map(Fact.Edited::version).toList(), 12));
  }

  /// What was moved: it is not there any more.
  private final Set<Name> moved = ConcurrentHashMap.newKeySet();

  /// Told before a move is answered.
  Consumer<PeerId> moving = caller -> {};

  @Override
  public Deleted delete(PeerId caller, List<Name> names) {
    return new Deleted(names, 13);
  }

  @Override
  public Moved move(PeerId caller, Name from, Name to) {
    if (!moved.add(from)) {
      throw new NoSuchNameException("no such name: " + from);
    }
    moving.accept(caller);
    return new Moved(entry(to.value(), 1).version(), 14);
  }

  /// `taken` is never free: who waits for it is interrupted when it hangs up.
  @Override
  public Granted lock(PeerId caller, Name name, LockMode mode, Duration wait) {
    if (!name.value().equals("taken")) {
      return new Granted(new HeldLock(new NameLock(name, caller, mode, 15), "anna"), 3, 4);
    }
    try {
      waiting.countDown();
      boolean _ = never.await(wait.toMillis(), TimeUnit.MILLISECONDS);
      throw new ConflictException("taken is locked by ben");
    } catch (InterruptedException e) {
      hungUp.countDown();
      Thread.currentThread().interrupt();
      throw new UnavailableException("interrupted", e);
    }
  }

  @Override
  public void unlock(PeerId caller, Name name, long token) {
    if (token != 15) {
      throw new ConflictException(name + " is locked by ben");
    }
  }

  @Override
  public void share(PeerId caller, Name name, long token) {
    heard.add("shared " + token);
  }

  @Override
  public List<HeldLock> locks(PeerId caller, List<Name> names) {
    return names.stream()
        .map(name -> new HeldLock(NameLock.exclusive(name, caller, 15), "anna"))
        .toList();
  }

  @Override
  public List<Entry> history(PeerId caller, Name name) {
    return List.of(entry(name.value(), 1), entry(name.value(), 2));
  }

  @Override
  public Ticket invite(PeerId caller, Duration validity) {
    return authority.invite(List.of(new Endpoint("127.0.0.1", 1)), validity);
  }

  @Override
  public void expel(PeerId caller, PeerId member) {
    heard.add(member);
  }

  @Override
  public void leave(PeerId caller) {
    heard.add(caller);
  }

  @Override
  public Credential renew(PeerId caller, CertificateRequest request) {
    return authority.issue(request);
  }

  @Override
  public Credential enrol(Enrolment enrolment) {
    redirect();
    authority.check(enrolment);
    PeerId peer = enrolment.request().id();
    if (!peer.equals(used.computeIfAbsent(enrolment.ticketId(), _ -> peer))) {
      throw new DeniedException("this ticket was used by another machine");
    }
    return authority.issue(enrolment.request());
  }
}
