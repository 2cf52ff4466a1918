package dev.potluck.peer;

import dev.potluck.content.ContentId;
import dev.potluck.content.Name;
import dev.potluck.content.PotluckException;
import dev.potluck.content.UnavailableException;
import dev.potluck.content.Version;
import dev.potluck.exchange.Event;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// A version that is read while it is fetched, by any number of readers. What was read stays, and
/// is passed on. Thread-safe.
final class Stream {
  /// A download that somebody else begins is looked for so often.
  private static final long LOOK_NANOS = 100_000_000L;

  /// What is waited for is asked for again so often: the download may have been another one.
  private static final long REPEAT_NANOS = 500_000_000L;

  /// The kernel asks for a page twice, ahead and then at once: for so long what did not come in
  /// time is not waited for again.
  private static final long MISSED_NANOS = 1_000_000_000L;

  /// Numbers of single reads, apart from those of readers.
  private static final AtomicLong WAITS = new AtomicLong(Long.MIN_VALUE);

  /// Begins to fetch on demand; returns when that has ended.
  @FunctionalInterface
  interface Source {
    void fetch(Stream stream) throws InterruptedException;
  }

  private final Name name;
  private final Version version;
  private final Swarms swarms;
  private final Transfers transfers;
  private final Source source;
  private final Supplier<Optional<FileSource>> here;

  // Guarded by this.
  private @Nullable Partial partial;
  private @Nullable FileSource data;
  private boolean whole;
  private @Nullable Thread fetching;
  private long fetchedNanos = System.nanoTime() - LOOK_NANOS;
  private int missedPiece = -1;
  private long missedNanos;
  private @Nullable PotluckException failure;
  private boolean closed;
  private int waiting;
  private long news;

  /// @param here opens the file of the share that has the content, if there is one
  Stream(
      Name name,
      Version version,
      Swarms swarms,
      Transfers transfers,
      Source source,
      Supplier<Optional<FileSource>> here) {
    this.name = name;
    this.version = version;
    this.swarms = swarms;
    this.transfers = transfers;
    this.source = source;
    this.here = here;
  }

  Name name() {
    return name;
  }

  Version version() {
    return version;
  }

  private ContentId content() {
    return version.content();
  }

  /// Bytes of the content; waits until they are here.
  ///
  /// @return how many, -1 at the end
  /// @throws UnavailableException if they don't come in time
  int read(long position, ByteBuffer target, long deadlineNanos)
      throws IOException, InterruptedException {
    long size = content().size();
    if (position >= size) {
      return -1;
    }
    int length = (int) Math.min(target.remaining(), size - position);
    if (!isHere(position, length)) {
      try (var _ = transfers.download()) {
        await(position, length, deadlineNanos);
      }
    }
    int limit = target.limit();
    target.limit(target.position() + length);
    try {
      return readHere(position, target);
    } finally {
      target.limit(limit);
    }
  }

  boolean isAtHand(long position, int length) {
    long left = content().size() - position;
    return left > 0 && isHere(position, (int) Math.min(length, left));
  }

  private int readHere(long position, ByteBuffer target) throws IOException {
    int start = target.position();
    while (true) {
      FileSource file = opened();
      try {
        return LocalOpenFile.readFully(file, position, target);
      } catch (ClosedChannelException e) {
        // The download has ended in between, and what it made is open under another descriptor.
        if (isClosed()) {
          throw e;
        }
        target.position(start);
      }
    }
  }

  /// Says what a reader takes of what is here, so that what follows is fetched ahead.
  ///
  /// @param reader the same number for all that one reader takes
  void goesOn(long reader, long position, int length) {
    swarms.tell(content(), new Event.Wanted(reader, position, length));
  }

  void left(long reader) {
    swarms.tell(content(), new Event.ReaderLeft(reader));
  }

  private synchronized FileSource opened() throws IOException {
    if (data == null) {
      throw new IOException(name + " is not open any more");
    }
    return data;
  }

  private synchronized boolean isHere(long position, int length) {
    return whole || (partial != null && partial.isHere(position, length));
  }

  /// Each read waits under a number of its own: programs read one open file at several places.
  private void await(long position, int length, long deadlineNanos)
      throws IOException, InterruptedException {
    long wait = WAITS.getAndIncrement();
    waiting(1);
    try {
      while (!isHere(position, length)) {
        long now = System.nanoTime();
        if (now >= deadlineNanos || isMissed(position, now)) {
          noteMissed(position);
          throw new UnavailableException(name + ": no holder sent it in time");
        }
        Partial running = attached(deadlineNanos);
        if (running != null) {
          swarms.tell(content(), new Event.Wanted(wait, position, length));
          boolean _ = running.await(position, length, Math.min(deadlineNanos, now + REPEAT_NANOS));
        }
      }
    } finally {
      waiting(-1);
      swarms.tell(content(), new Event.ReaderLeft(wait));
    }
  }

  private synchronized boolean isMissed(long position, long nowNanos) {
    return missedPiece == content().pieces().pieceAt(position)
        && nowNanos - missedNanos < MISSED_NANOS;
  }

  private synchronized void noteMissed(long position) {
    missedPiece = content().pieces().pieceAt(position);
    missedNanos = System.nanoTime();
  }

  private synchronized void waiting(int more) {
    waiting += more;
  }

  /// The download that runs, begun if there is none.
  ///
  /// @return null if there is nothing to wait for yet
  private @Nullable Partial attached(long deadlineNanos) throws InterruptedException {
    Partial running = swarms.partial(content()).orElse(null);
    if (running != null) {
      attach(running);
      return running;
    }
    synchronized (this) {
      if (closed) {
        throw new UnavailableException(name + ": not read any more");
      }
      noteWhole();
      if (whole || openHere()) {
        return null;
      }
      PotluckException why = failure;
      if (why != null) {
        failure = null;
        throw why;
      }
      // What has just ended without a failure is not begun again at once, and again, and again.
      if (fetching == null && System.nanoTime() - fetchedNanos >= LOOK_NANOS) {
        fetching = Thread.ofVirtual().name("read-" + name).start(this::fetch);
      }
      awaitNews(Math.min(deadlineNanos, System.nanoTime() + LOOK_NANOS));
      return null;
    }
  }

  private synchronized void awaitNews(long deadlineNanos) throws InterruptedException {
    long before = news;
    long leftMillis = TimeUnit.NANOSECONDS.toMillis(deadlineNanos - System.nanoTime());
    while (news == before && leftMillis > 0) {
      wait(leftMillis);
      leftMillis = TimeUnit.NANOSECONDS.toMillis(deadlineNanos - System.nanoTime());
    }
  }

  private synchronized void tell() {
    news++;
    notifyAll();
  }

  private void fetch() {
    PotluckException why = null;
    try {
      source.fetch(this);
    } catch (PotluckException e) {
      why = e;
    } catch (InterruptedException e) {
      why = new UnavailableException(name + ": not read any more");
    } finally {
      synchronized (this) {
        fetching = null;
        fetchedNanos = System.nanoTime();
        failure = waiting > 0 ? why : null;
        noteWhole();
        tell();
      }
    }
  }

  /// The download that runs is this one.
  void attach(Partial running) {
    synchronized (this) {
      if (running == partial || closed) {
        return;
      }
      try {
        FileHandle file = running.data();
        if (data != null) {
          data.close();
        }
        data = file;
        partial = running;
      } catch (IOException e) {
        // It has ended in this very moment: there will be another.
        partial = null;
      }
      tell();
    }
  }

  /// A download that has ended is here whole, or goes on another time.
  private synchronized void noteWhole() {
    if (partial != null && partial.verified().isFull()) {
      whole = true;
    }
  }

  /// It may have come another way.
  private synchronized boolean openHere() {
    Optional<FileSource> file = here.get();
    file.ifPresent(
        opened -> {
          if (data != null) {
            data.close();
          }
          data = opened;
          whole = true;
        });
    return file.isPresent();
  }

  /// Whether anything has come of it, and can be passed on.
  synchronized boolean isBegun() {
    return partial != null;
  }

  /// Whether every byte is here.
  synchronized boolean isWhole() {
    noteWhole();
    return whole;
  }

  synchronized boolean isClosed() {
    return closed;
  }

  /// Ends all reading, and the download unless it is done and only to be put into the share.
  synchronized void close() {
    noteWhole();
    end(!whole);
  }

  /// Ends all reading and the download at once.
  synchronized void abort() {
    end(true);
  }

  private synchronized void end(boolean interrupting) {
    closed = true;
    if (fetching != null && interrupting) {
      fetching.interrupt();
    }
    if (data != null) {
      data.close();
      data = null;
    }
    partial = null;
    whole = false;
    tell();
  }
}
