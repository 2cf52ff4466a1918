package dev.potluck.wire;

import java.time.Duration;
import java.util.function.LongSupplier;

/// A bound on how often something may happen: so many a second, and so many at once. Thread-safe.
final class TokenBucket {
  private final double perNano;
  private final int burst;
  private final LongSupplier nanos;
  private double tokens;
  private long last;

  TokenBucket(int perSecond, int burst) {
    this(perSecond, burst, System::nanoTime);
  }

  /// @param nanos a clock like `System.nanoTime`
  TokenBucket(int perSecond, int burst, LongSupplier nanos) {
    this.nanos = nanos;
    this.last = nanos.getAsLong();
    this.perNano = (double) perSecond / Duration.ofSeconds(1).toNanos();
    this.burst = burst;
    this.tokens = burst;
  }

  synchronized boolean take() {
    long now = nanos.getAsLong();
    tokens = Math.min(burst, tokens + (now - last) * perNano);
    last = now;
    if (tokens < 1) {
      return false;
    }
    tokens--;
    return true;
  }
}
