package dev.potluck.bench;

import dev.potluck.content.FailedException;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/// Waits for what other programs do, by looking again and again.
final class Poll {
  private static final int PERIOD_MS = 20;

  /// What is waited for.
  @FunctionalInterface
  interface Condition {
    boolean holds() throws IOException, InterruptedException;
  }

  private Poll() {}

  /// @throws FailedException if it takes longer
  static void until(Duration limit, Condition condition, String failure)
      throws IOException, InterruptedException {
    long deadline = System.nanoTime() + limit.toNanos();
    CountDownLatch never = new CountDownLatch(1);
    while (!condition.holds()) {
      if (System.nanoTime() > deadline) {
        throw new FailedException(failure + " within " + limit.toSeconds() + " s");
      }
      never.await(PERIOD_MS, TimeUnit.MILLISECONDS);
    }
  }
}
