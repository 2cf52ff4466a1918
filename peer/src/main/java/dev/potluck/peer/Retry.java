package dev.potluck.peer;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/// Tries again until a deadline, with pauses that grow from 50 ms to 2 s.
final class Retry {
  private static final Duration FIRST = Duration.ofMillis(50);
  private static final Duration LONGEST = Duration.ofSeconds(2);

  /// What no peer outlives; within what a `long` of nanoseconds can be apart from now.
  private static final Duration FOR_EVER = Duration.ofDays(50 * 365);

  /// A deadline that no peer lives to see.
  static final long NEVER_NANOS = deadline(FOR_EVER);

  private final long deadlineNanos;
  private final long longestNanos;
  private long pauseNanos;

  /// @param deadlineNanos of `System.nanoTime`
  Retry(long deadlineNanos) {
    this(deadlineNanos, FIRST, LONGEST);
  }

  private Retry(long deadlineNanos, Duration first, Duration longest) {
    this.deadlineNanos = deadlineNanos;
    this.pauseNanos = first.toNanos();
    this.longestNanos = longest.toNanos();
  }

  /// One that does not give up.
  static Retry forEver() {
    return forEver(FIRST, LONGEST);
  }

  /// One that does not give up, with pauses of its own.
  static Retry forEver(Duration first, Duration longest) {
    return new Retry(deadline(FOR_EVER), first, longest);
  }

  /// The `System.nanoTime` at which so much time will have passed.
  static long deadline(Duration wait) {
    Duration bounded = wait.compareTo(FOR_EVER) > 0 ? FOR_EVER : wait;
    return System.nanoTime() + bounded.toNanos();
  }

  /// Looks again and again whether something is so.
  ///
  /// @return false if the time is over and it is not
  static boolean until(BooleanSupplier condition, Duration patience) throws InterruptedException {
    Retry retry = new Retry(deadline(patience));
    while (!condition.getAsBoolean()) {
      if (!retry.again()) {
        return false;
      }
    }
    return true;
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
    pauseNanos = Math.min(2 * pauseNanos, longestNanos);
    return true;
  }

  private static void pause(long nanos) throws InterruptedException {
    // Nobody ever opens this latch: there is no event to wait for, only time to pass.
    boolean opened = new CountDownLatch(1).await(nanos, TimeUnit.NANOSECONDS);
    assert !opened;
  }
}
