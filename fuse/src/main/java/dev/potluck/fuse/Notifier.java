package dev.potluck.fuse;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/// Tells the kernel that what it has cached is stale. In order, by a thread of its own: the kernel
/// takes locks for it that a request of the same node may hold, so that a thread which serves
/// requests must not wait for it. Thread-safe.
///
/// A method returns when the notice is queued; after [#await] it has been heard.
public final class Notifier {
  private static final Logger LOG = System.getLogger(Notifier.class.getName());

  /// How many notices may wait; whoever has more waits too.
  private static final int QUEUE_MAX = 1 << 16;

  private static final int NAME_BYTES_MAX = 1024;
  private static final int STORE_BYTES_MAX = 1 << 20;
  private static final long LOOK_MS = 200;
  private static final long JOIN_MS = 1_000;

  private static final int INVAL_INODE = 2;
  private static final int INVAL_ENTRY = 3;
  private static final int STORE = 4;
  private static final int DELETE = 6;
  private static final int INC_EPOCH = 8;
  private static final int INC_EPOCH_MINOR = 44;
  private static final int EXPIRE_ONLY = 1;

  private final ArrayBlockingQueue<Notice> queue = new ArrayBlockingQueue<>(QUEUE_MAX);
  private final Device device;
  private final BooleanSupplier serving;
  private final BusyDirectories busy;
  private final Buffer buffer = new Buffer(STORE_BYTES_MAX + BufferPool.SMALL_BYTES);
  private final Thread thread;
  private volatile Features features = new Features(Handshake.MINOR_LEAST, 0, 0, false);
  private volatile boolean closed;

  /// @param serving whether the calling thread serves a request at this moment
  Notifier(Device device, String name, BooleanSupplier serving, BusyDirectories busy) {
    this.device = device.retain();
    this.serving = serving;
    this.busy = busy;
    this.thread = Thread.ofPlatform().daemon().name(name + "-notifier").unstarted(this::run);
  }

  void start(Features agreed) {
    features = agreed;
    thread.start();
  }

  /// A node's attributes are stale, its content is not.
  public void invalidateAttributes(long node) throws InterruptedException {
    put(new InvalidNode(node, -1, 0));
  }

  /// A node's attributes are stale, and its content in a range.
  ///
  /// @param length bytes; 0: to the end
  public void invalidateContent(long node, long offset, long length) throws InterruptedException {
    put(new InvalidNode(node, offset, length));
  }

  /// A name in a directory leads elsewhere, or nowhere, or somewhere from now on.
  ///
  /// The cached listing of the directory ([Opened#cachedDirectory]) goes with it only if the kernel
  /// knows the name, there or not there (`fuse_reverse_inval_entry` looks for it first). A name
  /// that was added is mostly one it never heard of: who adds one says also
  /// `invalidateContent(parent, 0, 0)`.
  public void invalidateEntry(long parent, String name) throws InterruptedException {
    put(new InvalidEntry(parent, name, 0));
  }

  /// As [#invalidateEntry], also for listings, but what lies below it stays in use: the name is
  /// asked for again when it is used next (7.38; else the same as that).
  public void expireEntry(long parent, String name) throws InterruptedException {
    int flags = features.has(Handshake.HAS_EXPIRE_ONLY) ? EXPIRE_ONLY : 0;
    put(new InvalidEntry(parent, name, flags));
  }

  /// A name is gone for good; programs that watch the directory hear of it.
  public void delete(long parent, long child, String name) throws InterruptedException {
    put(new Deleted(parent, child, name));
  }

  /// All names of the mount are asked for again when they are used next (7.44).
  ///
  /// @return false: this kernel can't, and nothing was done
  public boolean expireAllEntries() throws InterruptedException {
    if (features.minor() < INC_EPOCH_MINOR) {
      return false;
    }
    put(new NewEpoch());
    return true;
  }

  /// Puts content into the page cache, as if it had been read.
  ///
  /// @param data at most 1 MiB; copied
  public void store(long node, long offset, MemorySegment data) throws InterruptedException {
    if (data.byteSize() > STORE_BYTES_MAX) {
      throw new IllegalArgumentException("more than 1 MiB: " + data.byteSize());
    }
    put(new Stored(node, offset, data.toArray(ValueLayout.JAVA_BYTE)));
  }

  /// Waits until the kernel has heard all that was told before, or the mount is gone. Not by a
  /// thread that serves a request: the kernel may be waiting for that very answer.
  public void await() throws InterruptedException {
    if (serving.getAsBoolean()) {
      throw new IllegalStateException("a request must not wait for notifications");
    }
    Heard heard = new Heard(new CountDownLatch(1));
    put(heard);
    while (!heard.latch().await(LOOK_MS, TimeUnit.MILLISECONDS)) {
      if (closed) {
        return;
      }
    }
  }

  /// The same for a while, also by a thread that serves a request for which the kernel holds
  /// nothing (`setlk`): what was told before may wait for another request, and that for this one.
  ///
  /// @return false if the time is over
  public boolean await(Duration atMost) throws InterruptedException {
    Heard heard = new Heard(new CountDownLatch(1));
    return closed
        || (queue.offer(heard) && heard.latch().await(atMost.toMillis(), TimeUnit.MILLISECONDS));
  }

  private void put(Notice notice) throws InterruptedException {
    if (closed || queue.offer(notice)) {
      return;
    }
    if (serving.getAsBoolean()) {
      // The notifier may be waiting for the very answer that this thread is about to give.
      Thread.ofVirtual().name("notice").start(() -> putLater(notice));
      return;
    }
    putWaiting(notice);
  }

  private void putWaiting(Notice notice) throws InterruptedException {
    while (!closed && !queue.offer(notice, LOOK_MS, TimeUnit.MILLISECONDS)) {
      // The queue is full; the notifier is at work.
    }
  }

  private void putLater(Notice notice) {
    try {
      putWaiting(notice);
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt(); // nobody interrupts it; it ends when this is closed
    }
  }

  private void run() {
    try {
      while (!closed) {
        Notice notice = queue.poll(LOOK_MS, TimeUnit.MILLISECONDS);
        if (notice != null) {
          tell(notice);
        }
      }
    } catch (InterruptedException _) {
      closed = true; // nobody but close() interrupts it
    } finally {
      device.release();
    }
  }

  private void tell(Notice notice) {
    switch (notice) {
      case InvalidNode(long node, long offset, long length) -> {
        new NotifyInvalInodeOut(node, offset, length).write(buffer.memory(), OutHeader.BYTES);
        send(INVAL_INODE, NotifyInvalInodeOut.BYTES);
      }
      case InvalidEntry(long parent, _, _) when waitsFor(parent) -> send(INC_EPOCH, 0);
      case InvalidEntry(long parent, String name, int flags) -> {
        int bytes = name(NotifyInvalEntryOut.BYTES, name);
        new NotifyInvalEntryOut(parent, bytes, flags).write(buffer.memory(), OutHeader.BYTES);
        send(INVAL_ENTRY, NotifyInvalEntryOut.BYTES + bytes + 1);
      }
      case Deleted(long parent, _, _) when waitsFor(parent) -> send(INC_EPOCH, 0);
      case Deleted(long parent, long child, String name) -> {
        int bytes = name(NotifyDeleteOut.BYTES, name);
        new NotifyDeleteOut(parent, child, bytes).write(buffer.memory(), OutHeader.BYTES);
        send(DELETE, NotifyDeleteOut.BYTES + bytes + 1);
      }
      case Stored(long node, long offset, byte[] data) -> {
        new NotifyStoreOut(node, offset, data.length).write(buffer.memory(), OutHeader.BYTES);
        copy(data, NotifyStoreOut.BYTES);
        send(STORE, NotifyStoreOut.BYTES + data.length);
      }
      case NewEpoch() -> send(INC_EPOCH, 0);
      case Heard(CountDownLatch latch) -> latch.countDown();
    }
  }

  /// Whether a notice of a name would wait for a program that is at work in its directory: then all
  /// names are asked for again, for which the kernel locks nothing.
  private boolean waitsFor(long parent) {
    return features.minor() >= INC_EPOCH_MINOR && busy.isBusy(parent);
  }

  /// Writes a name and its NUL behind a structure.
  private int name(int structureBytes, String name) {
    byte[] bytes = name.getBytes(StandardCharsets.UTF_8);
    if (bytes.length > NAME_BYTES_MAX) {
      return 0; // no name of a file system; the kernel refuses an empty one
    }
    copy(bytes, structureBytes);
    buffer
        .memory()
        .set(
            ValueLayout.JAVA_BYTE,
            OutHeader.BYTES + structureBytes + (long) bytes.length,
            (byte) 0);
    return bytes.length;
  }

  private void copy(byte[] bytes, int structureBytes) {
    MemorySegment.copy(
        bytes,
        0,
        buffer.memory(),
        ValueLayout.JAVA_BYTE,
        OutHeader.BYTES + (long) structureBytes,
        bytes.length);
  }

  private void send(int code, int bytes) {
    new OutHeader(OutHeader.BYTES + bytes, code, 0).write(buffer.memory(), 0);
    long written = device.write(buffer, OutHeader.BYTES + (long) bytes);
    // ENOENT: the kernel does not know the node or the name. That was wanted, but for the listing
    // of a directory that a name was added to: see invalidateEntry.
    if (written < 0 && written != -Errno.ENOENT.number()) {
      LOG.log(
          Level.DEBUG, "notification {0} was not taken: {1}", code, Errno.describe((int) -written));
    }
  }

  /// Ends the thread, for which it waits a moment.
  void close() throws InterruptedException {
    closed = true;
    if (thread.getState() == Thread.State.NEW) {
      device.release(); // the kernel never said INIT
    } else {
      thread.interrupt();
      thread.join(JOIN_MS);
    }
  }

  private sealed interface Notice {}

  private record InvalidNode(long node, long offset, long length) implements Notice {}

  private record InvalidEntry(long parent, String name, int flags) implements Notice {}

  private record Deleted(long parent, long child, String name) implements Notice {}

  @SuppressWarnings("ArrayRecordComponent") // a message, compared with nothing
  private record Stored(long node, long offset, byte[] data) implements Notice {}

  private record NewEpoch() implements Notice {}

  private record Heard(CountDownLatch latch) implements Notice {}
}
