package dev.potluck.peer;

import dev.potluck.content.DeniedException;
import dev.potluck.content.Name;
import dev.potluck.content.PotluckException;
import dev.potluck.content.UnavailableException;
import dev.potluck.directory.Changes;
import dev.potluck.directory.Entry;
import dev.potluck.wire.DirectoryClient;
import dev.potluck.wire.Watch;
import dev.potluck.wire.WatchEvents;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// Follows the directory's watch: keeps the namespace's copy, and brings the files of this share to
/// where the party is: replaced, removed and moved ones.
final class Follower implements AutoCloseable {
  private static final Logger LOG = System.getLogger(Follower.class.getName());

  private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(5);

  private final DirectoryClient client;
  private final Namespace namespace;
  private final Share share;
  private final Announcer announcer;
  private final Consumer<Entry> update;
  private final Runnable changed;
  private final EventLog events;
  private final CountDownLatch firstEvent = new CountDownLatch(1);
  private final Thread thread;
  private volatile boolean heardOnce;
  private volatile @Nullable PotluckException trouble;

  /// @param update fetches a newer version of a file that is here
  /// @param changed is told after each event
  Follower(
      DirectoryClient client,
      Namespace namespace,
      Share share,
      Announcer announcer,
      Consumer<Entry> update,
      Runnable changed,
      EventLog events) {
    this.client = client;
    this.namespace = namespace;
    this.share = share;
    this.announcer = announcer;
    this.update = update;
    this.changed = changed;
    this.events = events;
    this.thread = Thread.ofVirtual().name("directory-watch").start(this::keepWatching);
  }

  private void keepWatching() {
    try {
      while (true) {
        Retry retry = new Retry(Long.MAX_VALUE);
        while (!oneWatch()) {
          retry.again();
        }
      }
    } catch (InterruptedException e) {
      LOG.log(Level.DEBUG, "the watch ends");
    }
  }

  /// @return whether anything was heard
  private boolean oneWatch() throws InterruptedException {
    CountDownLatch over = new CountDownLatch(1);
    Eyes eyes = new Eyes(over);
    try (Watch _ =
        client.watch(namespace.incarnation(), namespace.revision(), eyes, CONNECT_TIMEOUT)) {
      over.await();
    } catch (DeniedException e) {
      trouble = e;
      firstEvent.countDown();
    } catch (PotluckException e) {
      trouble = e;
      LOG.log(Level.DEBUG, "no watch: {0}", e.getMessage());
    }
    return eyes.heard;
  }

  private final class Eyes implements WatchEvents {
    private final CountDownLatch over;
    private long incarnation;
    private volatile boolean heard;

    Eyes(CountDownLatch over) {
      this.over = over;
    }

    @Override
    public void began(long of) {
      incarnation = of;
    }

    @Override
    public void changes(Changes changes) {
      heard = true;
      try {
        List<Entry> better = namespace.apply(incarnation, changes);
        if (!better.isEmpty()) {
          announcer.teach(better);
        }
        heardOnce = true;
        firstEvent.countDown();
        follow(changes.entries());
        changed.run();
      } catch (IOException e) {
        LOG.log(Level.ERROR, "cannot keep the list of names: {0}", e.getMessage());
      }
    }

    @Override
    public void lost(String why) {
      over.countDown();
    }
  }

  private void follow(List<Entry> entries) {
    moveWhatMoved(entries);
    for (Entry entry : entries) {
      try {
        follow(entry);
      } catch (PotluckException e) {
        LOG.log(Level.WARNING, "cannot follow {0}: {1}", entry.name(), e.getMessage());
      }
    }
  }

  /// A transaction that deletes one name and makes another of the same content is a rename: the
  /// file moves instead of being fetched again.
  private void moveWhatMoved(List<Entry> entries) {
    Map<Object, Entry> gone = new LinkedHashMap<>();
    for (Entry entry : entries) {
      if (entry.deleted()) {
        gone.put(entry.version().content(), entry);
      }
    }
    if (gone.isEmpty()) {
      return;
    }
    List<Name> touched = new ArrayList<>();
    for (Entry entry : entries) {
      Entry old = entry.deleted() ? null : gone.get(entry.version().content());
      if (old != null && share.find(entry.name()).isEmpty() && isPlain(old)) {
        share.move(old.name(), entry.name(), entry.version());
        touched.addAll(List.of(old.name(), entry.name()));
      }
    }
    announcer.changed(touched);
  }

  private boolean isPlain(Entry old) {
    return share
        .find(old.name())
        .filter(file -> !file.edited() && file.content().equals(old.version().content()))
        .isPresent();
  }

  /// Brings one file of the share to where the party is. Edits that are not announced yet are left
  /// alone: the directory decides about them.
  void follow(Entry entry) {
    Optional<LocalFile> here = share.find(entry.name()).filter(file -> !file.edited());
    if (here.isEmpty()) {
      return;
    }
    LocalFile file = here.get();
    long number = entry.version().number();
    if (entry.deleted()) {
      if (file.base() < number && share.remove(entry.name()).isPresent()) {
        events.add("removed", "name", entry.name().value());
        announcer.changed(entry.name());
      }
    } else if (file.content().equals(entry.version().content())) {
      if (file.base() != number) {
        share.recordVersion(entry.name(), entry.version());
        announcer.changed(entry.name());
      }
    } else if (file.base() < number) {
      update.accept(entry);
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
    thread.interrupt();
  }
}
