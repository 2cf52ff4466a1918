package dev.potluck.peer;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/// Tries again until a deadline, with pauses that grow from 50 ms to 2 s.
final class Retry {
  private static final long FIRST_NANOS = 50_000_000L;
  private static final long LONGEST_NANOS = 2_000_000_000L;

  private final long deadlineNanos;
  private long pauseNanos = FIRST_NANOS;

  /// @param deadlineNanos of `System.nanoTime`
  Retry(long deadlineNanos) {
    this.deadlineNanos = deadlineNanos;
  }

  static long deadline(Duration wait) {
    return System.nanoTime() + wait.toNanos();
  }

  /// Pauses, unless the deadline is over.
  ///
  /// @return whether to try once more
  boolean again() throws InterruptedException {
    long left = deadlineNanos - System.nanoTime();
    if (left <= 0) {
      return false;
    }
    pause(Math.min(pauseNanos, left));
    pauseNanos = Math.min(2 * pauseNanos, LONGEST_NANOS);
    return true;
  }

  private static void pause(long nanos) throws InterruptedException {
    // Nobody ever opens this latch: there is no event to wait for, only time to pass.
    boolean opened = new CountDownLatch(1).await(nanos, TimeUnit.NANOSECONDS);
    assert !opened;
  }
}
