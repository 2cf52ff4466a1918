package dev.potluck.peer;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/// The one thread that all state machines of the exchange belong to. What happens elsewhere is
/// handed to it as a task; its producers are bounded by the number of transfers and neighbours.
final class ExchangeThread implements AutoCloseable {
  private static final Logger LOG = System.getLogger(ExchangeThread.class.getName());

  private final ScheduledThreadPoolExecutor executor =
      new ScheduledThreadPoolExecutor(
          1, Thread.ofPlatform().name("exchange").daemon(true).factory());

  ExchangeThread() {
    executor.setRemoveOnCancelPolicy(true);
  }

  /// The monotonic clock all events are stamped with.
  long nowNanos() {
    return System.nanoTime();
  }

  /// Runs a task soon, in order of submission; drops it if this is closed.
  void run(Runnable task) {
    runAt(nowNanos(), task);
  }

  /// Runs a task at a time of {@link #nowNanos}.
  void runAt(long atNanos, Runnable task) {
    try {
      long delayNanos = atNanos - nowNanos();
      if (delayNanos <= 0) {
        executor.execute(() -> guarded(task));
      } else {
        var _ = executor.schedule(() -> guarded(task), delayNanos, TimeUnit.NANOSECONDS);
      }
    } catch (RejectedExecutionException e) {
      LOG.log(Level.DEBUG, "the peer is ending: an event of the exchange is dropped");
    }
  }

  private static void guarded(Runnable task) {
    try {
      task.run();
    } catch (RuntimeException e) {
      LOG.log(Level.ERROR, "the exchange failed in a way it should not", e);
    }
  }

  @Override
  public void close() {
    executor.shutdownNow();
  }
}
