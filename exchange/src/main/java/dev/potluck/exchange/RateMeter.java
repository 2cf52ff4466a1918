package dev.potluck.exchange;

/// Bytes a second over the recent past, counting only the time in which something was due.
final class RateMeter {
  private static final double FADE_SECONDS = 1.0;
  private static final double SHORTEST_SECONDS = 1e-6;

  private double bytes;
  private double seconds;
  private long dueSinceNanos;

  /// Something is due from now on, after a pause in which nothing was.
  void resume(long nowNanos) {
    dueSinceNanos = nowNanos;
  }

  void delivered(long delivered, long nowNanos) {
    double passed = (nowNanos - dueSinceNanos) / 1e9;
    double kept = Math.exp(-passed / FADE_SECONDS);
    bytes = bytes * kept + delivered;
    seconds = seconds * kept + passed;
    dueSinceNanos = nowNanos;
  }

  boolean isMeasured() {
    return bytes > 0;
  }

  /// NaN before the first delivery.
  double bytesPerSecond() {
    return isMeasured() ? bytes / Math.max(seconds, SHORTEST_SECONDS) : Double.NaN;
  }
}
