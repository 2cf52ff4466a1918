package dev.potluck.peer;

import dev.potluck.content.DeniedException;
import dev.potluck.content.Name;
import dev.potluck.content.PotluckException;
import dev.potluck.content.UnavailableException;
import dev.potluck.directory.Contact;
import dev.potluck.directory.Epoch;
import dev.potluck.directory.Hello;
import dev.potluck.directory.Load;
import dev.potluck.directory.Verdict;
import dev.potluck.directory.Welcome;
import dev.potluck.wire.Heartbeat;
import dev.potluck.wire.Session;
import dev.potluck.wire.SessionEvents;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.IntSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// Keeps this peer's session with the directory open: connects, beats, and connects again when it
/// is lost, until closed or expelled.
final class DirectoryLink implements AutoCloseable {
  private static final Logger LOG = System.getLogger(DirectoryLink.class.getName());
  private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(5);

  private final Directory directory;
  private final Hello hello;
  private final Announcer announcer;
  private final PeerBook book;
  private final LastContact contact;
  private final Supplier<Load> load;
  private final EventLog events;
  private final IntSupplier latest;
  private final Listener listener;
  private final CountDownLatch firstWelcome = new CountDownLatch(1);
  private final Thread thread;
  private volatile @Nullable Welcome welcome;
  private volatile long learningUntilNanos = System.nanoTime();
  private volatile @Nullable CountDownLatch current;
  private volatile boolean connected;
  private volatile @Nullable PotluckException refusal;
  private volatile String trouble = "not connected yet";

  /// Where to say hello.
  @FunctionalInterface
  interface Directory {
    Session session(Hello hello, SessionEvents events, Duration timeout);
  }

  /// Is told how it goes. Must not wait.
  interface Listener {
    /// A session has begun.
    void welcomed(Welcome welcome);

    /// It was lost.
    void lost();

    /// The party does not let this peer in any more.
    void expelled();

    /// Others wait for a lock of this peer.
    ///
    /// @param inUse to be run if the lock cannot be given back at once
    void lockWanted(Name name, long token, Runnable inUse);
  }

  /// @param latest the epoch of the latest directory that this peer has heard of
  DirectoryLink(
      Directory directory,
      Hello hello,
      Announcer announcer,
      PeerBook book,
      LastContact contact,
      Supplier<Load> load,
      EventLog events,
      IntSupplier latest,
      Listener listener) {
    this.directory = directory;
    this.latest = latest;
    this.hello = hello;
    this.announcer = announcer;
    this.book = book;
    this.contact = contact;
    this.load = load;
    this.events = events;
    this.listener = listener;
    this.thread = Thread.ofVirtual().name("directory-session").start(this::keepOpen);
  }

  /// Waits for the first welcome.
  ///
  /// @return whether it came
  /// @throws DeniedException if this peer is refused
  boolean awaitWelcome(Duration patience) throws InterruptedException {
    boolean came = firstWelcome.await(patience.toMillis(), TimeUnit.MILLISECONDS);
    PotluckException why = refusal;
    if (why != null) {
      throw why;
    }
    return came;
  }

  Optional<Welcome> welcome() {
    return Optional.ofNullable(welcome);
  }

  boolean isConnected() {
    return connected;
  }

  /// Ends the session there is, for another with who leads the directory now.
  void reconnect() {
    CountDownLatch running = current;
    if (running != null) {
      trouble = "the directory is led by another machine now";
      running.countDown();
    }
  }

  /// Waits a moment for a session that is being opened: who leads the directory may just have
  /// changed.
  boolean awaitConnected(Duration patience) throws InterruptedException {
    return Retry.until(() -> connected, patience);
  }

  /// Whether the directory may still be learning what there is: for a lease at most.
  boolean isLearning() {
    return learningUntilNanos - System.nanoTime() > 0;
  }

  /// Why there is no connection, for people.
  String trouble() {
    return trouble;
  }

  private void keepOpen() {
    try {
      Retry retry = Retry.forEver();
      while (true) {
        if (oneSession()) {
          retry = Retry.forEver();
        }
        // Also after a session: one that ends as soon as it began must not make a busy loop.
        boolean _ = retry.again();
      }
    } catch (InterruptedException e) {
      LOG.log(Level.DEBUG, "the session with the directory ends");
    } catch (DeniedException e) {
      refusal = e;
      trouble = e.getMessage();
      firstWelcome.countDown();
      LOG.log(Level.ERROR, "the directory refuses this peer: {0}", e.getMessage());
      listener.expelled();
    }
  }

  /// @return whether there was a session at all
  /// @throws DeniedException if this peer is refused
  private boolean oneSession() throws InterruptedException {
    CountDownLatch over = new CountDownLatch(1);
    current = over;
    Ears ears = new Ears(over);
    Hello said = hello.after(contact.contact());
    try (Session session = directory.session(said, ears, CONNECT_TIMEOUT)) {
      ears.session = session;
      Welcome now = session.welcome();
      if (Epoch.of(now.incarnation()) < latest.getAsInt()) {
        throw new UnavailableException(
            "a directory answers that another has taken the place of since: it is told so");
      }
      welcome = now;
      learningUntilNanos = now.learning() ? Retry.deadline(now.lease()) : System.nanoTime();
      connected = true;
      book.selfName(now.name());
      listener.welcomed(now);
      announcer.opened(session, now.incarnation(), now.held());
      announcer.withContact(this::note);
      firstWelcome.countDown();
      events.add("directory", "state", "connected", "learning", now.learning());
      beatUntil(session, over, now);
      return true;
    } catch (DeniedException e) {
      throw e;
    } catch (PotluckException e) {
      trouble = e.getMessage();
      LOG.log(Level.DEBUG, "no session: {0}", e.getMessage());
      return false;
    } catch (RuntimeException e) {
      trouble = "internal error: " + e;
      LOG.log(Level.ERROR, "the session with the directory failed in a way it should not", e);
      return false;
    } finally {
      if (connected) {
        connected = false;
        announcer.lost();
        listener.lost();
        events.add("directory", "state", "lost");
        LOG.log(Level.INFO, "the directory is away: {0}", trouble);
      }
    }
  }

  private void beatUntil(Session session, CountDownLatch over, Welcome now)
      throws InterruptedException {
    long refreshMs = Math.max(1, now.refresh().toMillis());
    while (!over.await(refreshMs, TimeUnit.MILLISECONDS)) {
      announcer.withDigest(digest -> session.heartbeat(new Heartbeat(load.get(), digest)));
      announcer.withContact(this::note);
    }
  }

  private void note(Contact now) {
    try {
      contact.note(now);
    } catch (IOException e) {
      LOG.log(Level.WARNING, "cannot note that the party was in touch: {0}", e.getMessage());
    }
  }

  /// What the directory says in a session.
  private final class Ears implements SessionEvents {
    private final CountDownLatch over;
    private volatile @Nullable Session session;

    Ears(CountDownLatch over) {
      this.over = over;
    }

    @Override
    public void verdicts(long sequence, List<Verdict> verdicts) {
      announcer.heard(verdicts);
    }

    @Override
    public void sendAll() {
      announcer.sendAllAgain();
    }

    @Override
    public void judged(long sequence) {
      announcer.judged(sequence);
    }

    @Override
    public void lockWanted(Name name, long token) {
      listener.lockWanted(name, token, () -> inUse(token));
    }

    private void inUse(long token) {
      Session open = session;
      if (open != null) {
        open.lockInUse(token);
      }
    }

    @Override
    public void lost(String why) {
      trouble = why;
      over.countDown();
    }
  }

  @Override
  public void close() {
    thread.interrupt();
  }
}
