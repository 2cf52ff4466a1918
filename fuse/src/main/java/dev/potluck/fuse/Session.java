package dev.potluck.fuse;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/// A connection with the kernel from INIT until the mount is gone: its readers, the requests in
/// work, what was agreed. Thread-safe.
final class Session {
  private static final Logger LOG = System.getLogger(Session.class.getName());

  /// Threads that wait for a lock don't count as requests in work: who holds the lock must be
  /// heard.
  private static final int LOCK_WAITS_MAX = 1024;

  private static final Duration LAST_REQUESTS = Duration.ofSeconds(2);

  private final FileSystem files;
  private final MountOptions options;
  private final Device device;
  private final String name;
  private final BufferPool pool = new BufferPool(Handshake.MAX_BYTES + BufferPool.SMALL_BYTES);
  private final InFlight inFlight = new InFlight();
  private final BusyDirectories busy = new BusyDirectories();
  private final Semaphore requests;
  private final Semaphore lockWaits = new Semaphore(LOCK_WAITS_MAX);
  private final ThreadFactory threads;
  private final Notifier notifier;
  private final CountDownLatch ready = new CountDownLatch(1);
  private final CountDownLatch ended = new CountDownLatch(1);
  private final List<Thread> readers = new ArrayList<>(); // guarded by this
  private int readersLeft = 1; // guarded by this

  /// How many readers serve a request that may wait.
  private final AtomicInteger readersWaiting = new AtomicInteger();

  private volatile boolean closing;
  private volatile @Nullable Features features;
  private volatile @Nullable Dispatcher dispatcher;

  /// @param device the connection; closed when it ends
  Session(FileSystem files, Device device, MountOptions options) {
    this.files = files;
    this.device = device;
    this.options = options;
    this.name = "fuse-" + options.subtype();
    this.requests = new Semaphore(options.requestsMax());
    this.threads = Thread.ofVirtual().name(name + "-", 0).factory();
    this.notifier = new Notifier(device, name, this::isServing, busy);
  }

  /// Begins to read; the first request is INIT.
  synchronized void start() {
    startReader(device);
  }

  private void startReader(Device from) {
    Thread thread =
        Thread.ofPlatform()
            .daemon()
            .name(name + "-reader-" + readers.size())
            .unstarted(new Reader(this, from, pool));
    readers.add(thread);
    thread.start();
  }

  FileSystem files() {
    return files;
  }

  InFlight inFlight() {
    return inFlight;
  }

  BusyDirectories busy() {
    return busy;
  }

  Notifier notifier() {
    return notifier;
  }

  boolean isClosing() {
    return closing;
  }

  /// Answers INIT, and begins: tries what the kernel lets us do, tells the file system, and starts
  /// the other readers.
  void initialise(Request request) {
    InitIn in = Handshake.read(request.in(), InHeader.BYTES);
    if (in.major() > Handshake.MAJOR) {
      offerOurMajor(request);
      return;
    }
    Optional<Features> agreed = Handshake.agree(in, options);
    if (agreed.isEmpty() || dispatcher != null) {
      LOG.log(Level.ERROR, "FUSE {0}.{1} is not spoken here", in.major(), in.minor());
      request.answerError(Errno.EIO.number());
      return;
    }
    Handshake.answer(in, agreed.get(), options).write(request.out(InitOut.BYTES), OutHeader.BYTES);
    request.answer(InitOut.BYTES);
    begin(agreed.get());
  }

  /// The kernel then says INIT once more.
  private static void offerOurMajor(Request request) {
    new InitOut(
            Handshake.MAJOR,
            Handshake.MINOR,
            0,
            0,
            (short) 0,
            (short) 0,
            0,
            0,
            (short) 0,
            (short) 0,
            0,
            0,
            (short) 0)
        .write(request.out(InitOut.BYTES), OutHeader.BYTES);
    request.answer(InitOut.BYTES);
  }

  private void begin(Features agreed) {
    Backings backings = new Backings(device);
    Features able = agreed.withPassthrough(agreed.passthrough() && backings.mayRegister());
    OpenModes modes = new OpenModes(backings, able.passthrough());
    features = able;
    dispatcher = new Dispatcher(files, modes, able, options);
    notifier.start(able);
    try {
      files.mounted(able, notifier);
    } catch (RuntimeException e) {
      LOG.log(Level.ERROR, "the file system failed", e);
    }
    synchronized (this) {
      while (readers.size() < options.readers()) {
        Device own = device.cloned();
        readersLeft++;
        startReader(own == null ? device.retain() : own);
      }
    }
    ready.countDown();
  }

  /// What was agreed with the kernel.
  ///
  /// @return nothing if it did not come to that in time
  Optional<Features> awaitReady(Duration atMost) throws InterruptedException {
    boolean _ = ready.await(atMost.toMillis(), TimeUnit.MILLISECONDS);
    return Optional.ofNullable(features);
  }

  /// A reader asks whether it may serve a request that may wait: not the last that does not.
  ///
  /// @return true: it serves it, by {@link #serveHere}
  boolean beginWaiting() {
    if (readersWaiting.incrementAndGet() < options.readers()) {
      return true;
    }
    readersWaiting.decrementAndGet();
    return false;
  }

  /// Serves a request that may wait on the reader that has it; an INTERRUPT finds it.
  void serveHere(Opcode opcode, Request request) {
    long unique = request.header().unique();
    inFlight.enter(unique, Thread.currentThread());
    try {
      if (closing) {
        Thread.currentThread().interrupt(); // It may have come after who interrupts all.
      }
      serve(opcode, request);
    } finally {
      inFlight.leave(unique);
      readersWaiting.decrementAndGet();
      boolean _ = Thread.interrupted(); // what was meant for this request is not for the next
    }
  }

  /// Serves a request on this thread.
  void serve(Opcode opcode, Request request) {
    Dispatcher now = dispatcher;
    if (now == null) {
      request.answerError(Errno.EIO.number()); // before INIT the kernel asks nothing
    } else {
      now.serve(opcode, request);
    }
  }

  /// Serves a request on a thread of its own; waits if there are too many.
  ///
  /// @param request with its own use of the device
  /// @param bytes where the request lies; given back to the pool
  void serveApart(Opcode opcode, Request request, Buffer bytes) {
    boolean waitsForLock = opcode == Opcode.SETLKW;
    Semaphore permits = waitsForLock ? lockWaits : requests;
    if (!waitsForLock) {
      permits.acquireUninterruptibly();
    } else if (!permits.tryAcquire()) {
      request.answerError(Errno.ENOLCK.number());
      end(request, bytes);
      return;
    }
    long unique = request.header().unique();
    Thread thread =
        threads.newThread(
            () -> {
              try {
                serve(opcode, request);
              } finally {
                inFlight.leave(unique);
                end(request, bytes);
                permits.release();
              }
            });
    inFlight.enter(unique, thread);
    thread.start();
  }

  private void end(Request request, Buffer bytes) {
    request.done();
    pool.give(bytes);
    request.device().release();
  }

  /// Whether the calling thread serves a request.
  private boolean isServing() {
    Thread current = Thread.currentThread();
    if (inFlight.has(current)) {
      return true;
    }
    synchronized (this) {
      return readers.contains(current);
    }
  }

  void readerEnded() {
    boolean last;
    synchronized (this) {
      readersLeft--;
      last = readersLeft == 0;
    }
    // One that fails takes the others with it: half a mount would hang.
    closeSoon();
    if (last) {
      Thread.ofPlatform().daemon().name(name + "-end").start(this::end);
    }
  }

  private void end() {
    inFlight.interruptAll();
    try {
      notifier.close();
      if (requests.tryAcquire(
          options.requestsMax(), LAST_REQUESTS.toMillis(), TimeUnit.MILLISECONDS)) {
        requests.release(options.requestsMax());
      } else {
        LOG.log(Level.WARNING, "{0} requests do not end", inFlight.size());
      }
      files.unmounted();
    } catch (RuntimeException e) {
      LOG.log(Level.ERROR, "the file system failed", e);
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    } finally {
      ended.countDown();
    }
  }

  /// From here on readers end after the request that they get next, and nobody waits for what is in
  /// work.
  void closeSoon() {
    closing = true;
    inFlight.interruptAll(); // a reader may be waiting for one of them to end
  }

  synchronized int readersLeft() {
    return readersLeft;
  }

  /// @return whether the connection is gone, its threads have ended and its descriptors are closed
  boolean awaitEnd(Duration atMost) throws InterruptedException {
    return ended.await(atMost.toMillis(), TimeUnit.MILLISECONDS);
  }
}
