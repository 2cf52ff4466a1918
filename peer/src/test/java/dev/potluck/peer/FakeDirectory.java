package dev.potluck.peer;

import dev.potluck.content.Name;
import dev.potluck.content.UnavailableException;
import dev.potluck.directory.Announced;
import dev.potluck.directory.Announcement;
import dev.potluck.directory.Command;
import dev.potluck.directory.Contact;
import dev.potluck.directory.Directory;
import dev.potluck.directory.Endpoint;
import dev.potluck.directory.Entry;
import dev.potluck.directory.Fact;
import dev.potluck.directory.FactDigest;
import dev.potluck.directory.Hello;
import dev.potluck.directory.Holder;
import dev.potluck.directory.Leases;
import dev.potluck.directory.Load;
import dev.potluck.directory.PeerId;
import dev.potluck.directory.Proposal;
import dev.potluck.directory.Pulse;
import dev.potluck.directory.Result;
import dev.potluck.directory.Started;
import dev.potluck.directory.Tracker;
import dev.potluck.directory.Verdict;
import dev.potluck.directory.Welcome;
import dev.potluck.wire.Heartbeat;
import dev.potluck.wire.Session;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;

/// A real tracker behind a fake network: one peer's sessions, whose messages arrive in order and
/// whose answers come on another thread. The network can be told to hold answers back or to break.
final class FakeDirectory implements AutoCloseable {
  static final PeerId ANNA = PeerId.of("a".repeat(32));
  static final PeerId BEN = PeerId.of("b".repeat(32));
  static final Instant NOW = Instant.parse("2026-11-21T10:15:00Z");

  final Tracker tracker;
  private volatile Announcer announcer;
  private final List<Fact> heard = new CopyOnWriteArrayList<>();
  private final List<Announcement> messages = new CopyOnWriteArrayList<>();
  private final ExecutorService answers = Executors.newSingleThreadExecutor();
  private final List<List<Verdict>> heldBack = new ArrayList<>();
  private int lastSession;
  private boolean holdsBack;
  private int breaksAfter = Integer.MAX_VALUE;
  private volatile boolean broken;
  private long othersSequence;

  private FakeDirectory(Announcer announcer, long incarnation, boolean returning) {
    this.announcer = announcer;
    this.tracker = new Tracker(new Directory(incarnation), Leases.DEFAULT, NOW, returning);
  }

  static FakeDirectory fresh(Announcer announcer) {
    return new FakeDirectory(announcer, 1, false);
  }

  /// One that was there before and has forgotten all names.
  static FakeDirectory forgetful(Announcer announcer) {
    return new FakeDirectory(announcer, 2, true);
  }

  /// The peer under test says hello.
  FakeSession connect() {
    return connect(Contact.NONE);
  }

  /// The same, after being away.
  synchronized FakeSession connect(Contact contact) {
    Welcome welcome = hello(ANNA, "anna", contact).welcome();
    int session = lastSession;
    FakeSession opened = new FakeSession(session, welcome);
    announcer.opened(opened, welcome.incarnation(), welcome.held());
    return opened;
  }

  private Started hello(PeerId peer, String name, Contact contact) {
    Endpoint somewhere = new Endpoint("10.0.0.1", 7420);
    Hello hello = new Hello(name, somewhere, somewhere, contact);
    tracker.enlisting(peer, hello).ifPresent(this::commit);
    Started started = tracker.begin(peer, hello, NOW);
    lastSession = started.session();
    return started;
  }

  private List<Verdict> commit(Proposal proposal) {
    Result result = tracker.directory().apply(proposal.command(), NOW);
    return tracker.committed(proposal, result, NOW);
  }

  synchronized Result command(Command command) {
    Result result = tracker.directory().apply(command, NOW);
    var _ = tracker.committed(Proposal.of(command), result, NOW);
    return result;
  }

  /// Goes on with another announcer of the same peer.
  void serves(Announcer other) {
    announcer = other;
  }

  /// A second passes.
  synchronized void tick() {
    tracker.tick(NOW).proposal().ifPresent(this::commit);
  }

  /// Another peer is here with these facts.
  synchronized void ben(Fact... facts) {
    int session = hello(BEN, "ben", Contact.NONE).session();
    announce(session, Announcement.full(++othersSequence, List.of(facts)));
  }

  private List<Verdict> announce(int session, Announcement announcement) {
    Announced announced = tracker.announce(session, announcement, NOW);
    List<Verdict> verdicts = new ArrayList<>(announced.verdicts());
    announced.proposal().ifPresent(proposal -> verdicts.addAll(commit(proposal)));
    return verdicts;
  }

  /// Keeps all answers until {@link #answer}.
  synchronized void holdBackAnswers() {
    holdsBack = true;
  }

  synchronized void answer() {
    holdsBack = false;
    heldBack.forEach(verdicts -> answers.execute(() -> announcer.heard(verdicts)));
    heldBack.clear();
  }

  /// The connection breaks when so many more messages were taken.
  synchronized void breakAfter(int more) {
    breaksAfter = messages.size() + more;
  }

  void awaitBreak() {
    Awaitility.await().until(() -> broken);
  }

  synchronized void mend() {
    breaksAfter = Integer.MAX_VALUE;
  }

  /// All facts that were heard, in order; begins anew.
  List<Fact> takeHeard() {
    List<Fact> taken = List.copyOf(heard);
    heard.clear();
    messages.clear();
    return taken;
  }

  List<Announcement> messages() {
    return List.copyOf(messages);
  }

  synchronized Optional<Entry> entry(String name) {
    return tracker.directory().entry(Name.of(name));
  }

  synchronized List<String> holders(String name) {
    return tracker.find(Name.of(name), NOW).holders().stream().map(Holder::name).toList();
  }

  /// Waits until the answers so far have been heard.
  void awaitAnswers() throws Exception {
    var _ = answers.submit(() -> true).get(10, TimeUnit.SECONDS);
  }

  /// What the peer under test believes to be on record here.
  FactDigest digest() {
    CompletableFuture<FactDigest> said = new CompletableFuture<>();
    announcer.withDigest(said::complete);
    return said.orTimeout(10, TimeUnit.SECONDS).join();
  }

  @Override
  public void close() {
    answers.shutdownNow();
  }

  /// The peer's end of a session.
  final class FakeSession implements Session {
    private final int session;
    private final Welcome welcome;

    FakeSession(int session, Welcome welcome) {
      this.session = session;
      this.welcome = welcome;
    }

    @Override
    public Welcome welcome() {
      return welcome;
    }

    @Override
    public void lockInUse(long token) {}

    @Override
    public void announce(Announcement announcement) {
      synchronized (FakeDirectory.this) {
        if (messages.size() >= breaksAfter) {
          broken = true;
          throw new UnavailableException("the network broke");
        }
        messages.add(announcement);
        heard.addAll(announcement.facts());
        List<Verdict> verdicts = FakeDirectory.this.announce(session, announcement);
        if (holdsBack) {
          heldBack.add(verdicts);
        } else if (!verdicts.isEmpty()) {
          answers.execute(() -> announcer.heard(verdicts));
        }
      }
    }

    @Override
    public void heartbeat(Heartbeat heartbeat) {
      var _ = beat(heartbeat.held());
    }

    /// A heartbeat's answer.
    Pulse beat(FactDigest digest) {
      synchronized (FakeDirectory.this) {
        return tracker.heartbeat(session, Load.NONE, digest, NOW);
      }
    }

    /// Two heartbeats: what was said just before the first is not compared.
    Pulse compare() {
      Pulse first = beat(digest());
      long last = messages().stream().mapToLong(Announcement::sequence).max().orElse(0);
      answers.execute(() -> announcer.judged(last));
      return first == Pulse.FINE ? beat(digest()) : first;
    }

    @Override
    public boolean isOpen() {
      return true;
    }

    @Override
    public void close() {
      throw new UnsupportedOperationException("the link's business");
    }
  }
}
