package dev.potluck.peer;

import dev.potluck.content.Name;
import dev.potluck.content.PotluckException;
import dev.potluck.content.UnavailableException;
import dev.potluck.directory.Announcement;
import dev.potluck.directory.Hello;
import dev.potluck.directory.PeerId;
import dev.potluck.directory.Verdict;
import dev.potluck.directory.Welcome;
import dev.potluck.wire.DirectoryService;
import dev.potluck.wire.Heartbeat;
import dev.potluck.wire.Session;
import dev.potluck.wire.SessionEvents;
import dev.potluck.wire.SessionHandler;
import dev.potluck.wire.SessionSink;
import dev.potluck.wire.WireLimits;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/// Both ends of the session of a peer on the machine that leads the directory: what would go over
/// the network is handed over. What the peer says is handled on a thread of its own, one after the
/// other, as the network would have it.
final class HostedSession implements Session, SessionSink {
  private static final Logger LOG = System.getLogger(HostedSession.class.getName());

  private final SessionEvents events;
  private final BlockingQueue<Runnable> said =
      new LinkedBlockingQueue<>(WireLimits.OUTBOX_MESSAGES);
  private final AtomicBoolean over = new AtomicBoolean();
  private volatile @Nullable Welcome welcome;
  private @Nullable SessionHandler handler;
  private @Nullable Thread thread;

  private HostedSession(SessionEvents events) {
    this.events = events;
  }

  static HostedSession open(
      DirectoryService directory, PeerId self, Hello hello, SessionEvents events) {
    HostedSession session = new HostedSession(events);
    session.handler = directory.session(self, hello, session);
    session.thread = Thread.ofVirtual().name("session-here").start(session::work);
    return session;
  }

  private void work() {
    try {
      while (!over.get()) {
        said.take().run();
      }
    } catch (InterruptedException e) {
      LOG.log(Level.DEBUG, "the session ends");
    } catch (PotluckException e) {
      ended(String.valueOf(e.getMessage()));
    } catch (RuntimeException e) {
      LOG.log(Level.DEBUG, "the session ends with the lead", e);
      ended("the directory is led by another machine now");
    } finally {
      handler().closed();
    }
  }

  private SessionHandler handler() {
    return Objects.requireNonNull(handler, "opened");
  }

  @Override
  public Welcome welcome() {
    return Objects.requireNonNull(welcome, "opened");
  }

  @Override
  public void announce(Announcement announcement) {
    say(() -> handler().announce(announcement));
  }

  @Override
  public void heartbeat(Heartbeat heartbeat) {
    say(() -> handler().heartbeat(heartbeat));
  }

  @Override
  public void lockInUse(long token) {
    // Without waiting: who has so much to say that this is lost is asked again.
    if (!said.offer(() -> handler().lockInUse(token))) {
      LOG.log(Level.DEBUG, "too much is said at once: that a lock is in use is not");
    }
  }

  private void say(Runnable what) {
    try {
      if (!over.get() && said.offer(what, welcome().lease().toMillis(), TimeUnit.MILLISECONDS)) {
        return;
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    throw new UnavailableException("the session with the directory is over");
  }

  @Override
  public boolean isOpen() {
    return !over.get();
  }

  @Override
  public void close() {
    if (over.compareAndSet(false, true)) {
      interrupt();
    }
  }

  private void interrupt() {
    Thread worker = thread;
    if (worker != null) {
      worker.interrupt();
    }
  }

  @Override
  public void welcome(Welcome now) {
    welcome = now;
  }

  @Override
  public void verdicts(long sequence, List<Verdict> verdicts) {
    if (!over.get()) {
      events.verdicts(sequence, verdicts);
    }
  }

  @Override
  public void sendAll() {
    if (!over.get()) {
      events.sendAll();
    }
  }

  @Override
  public void judged(long sequence) {
    if (!over.get()) {
      events.judged(sequence);
    }
  }

  @Override
  public void lockWanted(Name name, long token) {
    if (!over.get()) {
      events.lockWanted(name, token);
    }
  }

  @Override
  public void ended(String why) {
    if (over.compareAndSet(false, true)) {
      interrupt();
      events.lost(why);
    }
  }
}
