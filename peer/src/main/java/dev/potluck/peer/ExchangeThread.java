package dev.potluck.peer;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/// The one thread that all state machines of the exchange belong to: the one that also reads what
/// neighbours say. What happens elsewhere is handed to it as a task; its producers are bounded by
/// the number of transfers and neighbours.
final class ExchangeThread implements AutoCloseable {
  private static final Logger LOG = System.getLogger(ExchangeThread.class.getName());

  private final ScheduledExecutorService executor;

  /// Belongs to the thread.
  private boolean closed;

  /// @param executor runs one task at a time, in order; its owner ends it
  ExchangeThread(ScheduledExecutorService executor) {
    this.executor = executor;
  }

  /// The monotonic clock all events are stamped with.
  long nowNanos() {
    return System.nanoTime();
  }

  /// Runs a task soon, in order of submission; drops it if this is closed.
  void run(Runnable task) {
    try {
      executor.execute(() -> guarded(task));
    } catch (RejectedExecutionException e) {
      LOG.log(Level.DEBUG, "the peer is ending: an event of the exchange is dropped");
    }
  }

  /// Runs a task at a time of {@link #nowNanos}.
  void runAt(long atNanos, Runnable task) {
    long delayNanos = atNanos - nowNanos();
    if (delayNanos <= 0) {
      run(task);
      return;
    }
    try {
      var _ = executor.schedule(() -> guarded(task), delayNanos, TimeUnit.NANOSECONDS);
    } catch (RejectedExecutionException e) {
      LOG.log(Level.DEBUG, "the peer is ending: an event of the exchange is dropped");
    }
  }

  /// Runs a task now. On the thread itself.
  void guarded(Runnable task) {
    if (closed) {
      return;
    }
    try {
      task.run();
    } catch (RuntimeException e) {
      LOG.log(Level.ERROR, "the exchange failed in a way it should not", e);
    }
  }

  /// Drops what is not handed to it yet.
  @Override
  public void close() {
    run(() -> closed = true);
  }
}
