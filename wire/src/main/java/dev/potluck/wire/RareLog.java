package dev.potluck.wire;

import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;

/// A log that strangers can cause to be written to: one line in ten seconds at most, which says how
/// many were left out. Thread-safe.
final class RareLog {
  private static final long INTERVAL_NANOS = Duration.ofSeconds(10).toNanos();
  private static final System.Logger LOG = System.getLogger("dev.potluck.wire");

  private final AtomicLong next = new AtomicLong(System.nanoTime());
  private final AtomicLong leftOut = new AtomicLong();

  void info(String message) {
    long now = System.nanoTime();
    long due = next.get();
    if (now - due < 0 || !next.compareAndSet(due, now + INTERVAL_NANOS)) {
      leftOut.incrementAndGet();
      return;
    }
    long count = leftOut.getAndSet(0);
    LOG.log(Level.INFO, count == 0 ? message : message + " (and " + count + " more like it)");
  }
}
