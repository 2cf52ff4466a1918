package dev.potluck.wire;

import java.time.Duration;

/// A bound on how often something may happen: so many a second, and so many at once. Thread-safe.
final class TokenBucket {
  private final double perNano;
  private final int burst;
  private double tokens;
  private long last = System.nanoTime();

  TokenBucket(int perSecond, int burst) {
    this.perNano = (double) perSecond / Duration.ofSeconds(1).toNanos();
    this.burst = burst;
    this.tokens = burst;
  }

  synchronized boolean take() {
    long now = System.nanoTime();
    tokens = Math.min(burst, tokens + (now - last) * perNano);
    last = now;
    if (tokens < 1) {
      return false;
    }
    tokens--;
    return true;
  }
}
