package dev.potluck.peer;

import dev.potluck.content.DeniedException;
import dev.potluck.content.Name;
import dev.potluck.content.PotluckException;
import dev.potluck.content.UnavailableException;
import dev.potluck.directory.Changes;
import dev.potluck.directory.Entry;
import dev.potluck.directory.Epoch;
import dev.potluck.wire.Watch;
import dev.potluck.wire.WatchEvents;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// Follows the directory's watch: keeps the namespace's copy, and has the files of this share
/// brought to where the party is. Watches again when a watch ends, until closed.
final class Follower implements AutoCloseable {
  private static final Logger LOG = System.getLogger(Follower.class.getName());

  private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(5);

  private final Directory directory;
  private final Namespace namespace;
  private final Announcer announcer;
  private final PartyChanges files;
  private final Runnable membersChanged;
  private final CountDownLatch firstEvent = new CountDownLatch(1);
  private final Thread thread;
  private volatile @Nullable CountDownLatch current;
  private volatile boolean heardOnce;
  private volatile boolean closed;
  private volatile @Nullable PotluckException trouble;

  /// Where to watch.
  @FunctionalInterface
  interface Directory {
    Watch watch(long incarnation, long fromRevision, WatchEvents events, Duration timeout);
  }

  /// @param membersChanged is told when it is time to ask who is in the party
  Follower(
      Directory directory,
      Namespace namespace,
      Announcer announcer,
      PartyChanges files,
      Runnable membersChanged) {
    this.directory = directory;
    this.namespace = namespace;
    this.announcer = announcer;
    this.files = files;
    this.membersChanged = membersChanged;
    this.thread = Thread.ofVirtual().name("directory-watch").start(this::keepWatching);
  }

  private void keepWatching() {
    try {
      Retry retry = Retry.forEver();
      while (true) {
        if (oneWatch()) {
          retry = Retry.forEver();
        }
        boolean _ = retry.again();
      }
    } catch (InterruptedException e) {
      LOG.log(Level.DEBUG, "the watch ends");
    }
  }

  /// @return whether anything was heard
  private boolean oneWatch() throws InterruptedException {
    CountDownLatch over = new CountDownLatch(1);
    current = over;
    Eyes eyes = new Eyes(over);
    try (Watch _ =
        directory.watch(namespace.incarnation(), namespace.revision(), eyes, CONNECT_TIMEOUT)) {
      over.await();
    } catch (DeniedException e) {
      trouble = e;
      firstEvent.countDown();
    } catch (PotluckException e) {
      trouble = e;
      LOG.log(Level.DEBUG, "no watch: {0}", e.getMessage());
    } catch (RuntimeException e) {
      LOG.log(Level.ERROR, "the watch failed in a way it should not", e);
    }
    return eyes.heard;
  }

  /// One watch, from its begin to its end.
  private final class Eyes implements WatchEvents {
    private final CountDownLatch over;
    private final Map<Name, Entry> parts = new LinkedHashMap<>();
    private boolean snapshot;
    private long incarnation;
    private boolean broken;
    private volatile boolean heard;

    Eyes(CountDownLatch over) {
      this.over = over;
    }

    @Override
    public void began(long of) {
      incarnation = of;
      if (Epoch.of(of) < Epoch.of(namespace.incarnation())) {
        LOG.log(Level.DEBUG, "a directory that was given up answers: it is not followed");
        broken = true;
        over.countDown();
      }
    }

    /// An event that comes in parts is applied when its last has come: half a snapshot must not
    /// pass for a whole one.
    @Override
    public void changes(Changes part) {
      if (broken) {
        return;
      }
      part.entries().forEach(entry -> parts.put(entry.name(), entry));
      snapshot |= part.snapshot();
      if (part.last()) {
        Changes whole = new Changes(part.revision(), snapshot, List.copyOf(parts.values()));
        parts.clear();
        snapshot = false;
        broken = !apply(whole);
      }
    }

    /// @return false if the event could not be kept: what follows it must not be either, or it
    ///   would be missing for ever
    private boolean apply(Changes event) {
      if (event.isEmpty() && !event.snapshot()) {
        membersChanged.run();
        return true;
      }
      try {
        boolean begunAnew = isBegunAnew();
        Namespace.Applied applied = namespace.apply(incarnation, event);
        if (!applied.better().isEmpty()) {
          announcer.teach(applied.better());
        }
        heard = true;
        heardOnce = true;
        firstEvent.countDown();
        if (!begunAnew) {
          files.follow(applied.accepted());
        }
        return true;
      } catch (IOException e) {
        if (!closed) {
          LOG.log(Level.ERROR, "cannot keep the list of names, trying again: {0}", e.getMessage());
        }
        over.countDown();
        return false;
      }
    }

    /// What is here may be of versions that a directory which was begun anew never had: it says
    /// what becomes of each when they are announced to it.
    private boolean isBegunAnew() {
      long before = namespace.incarnation();
      return before != 0 && Epoch.of(before) < Epoch.of(incarnation);
    }

    @Override
    public void lost(String why) {
      over.countDown();
    }
  }

  /// Ends the watch there is, for another with who leads the directory now.
  void reconnect() {
    CountDownLatch running = current;
    if (running != null) {
      running.countDown();
    }
  }

  /// Waits until the names were heard of once.
  ///
  /// @throws PotluckException if that did not happen, saying why: refused, or nobody answers
  void awaitFirst(Duration patience) throws InterruptedException {
    boolean ended = firstEvent.await(patience.toMillis(), TimeUnit.MILLISECONDS);
    PotluckException why = trouble;
    if (why != null && !heardOnce) {
      throw why;
    }
    if (!ended) {
      throw new UnavailableException("the directory does not answer");
    }
  }

  @Override
  public void close() {
    closed = true;
    thread.interrupt();
  }
}
