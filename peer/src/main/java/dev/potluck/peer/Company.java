package dev.potluck.peer;

/// How many write at the same time, for whoever says what they wrote. When the edits of one message
/// are answered, all their writers go on, and the first of them is back before the others: said at
/// once, it would be alone in its message, and all others wait for the next. So it waits a moment
/// for as many as there were before. Who writes alone never waits. Used by one thread.
final class Company {
  private final long mostNanos;
  private int last;
  private int beforeLast;
  private long saidNanos;
  private long roundNanos;
  private boolean awaited;
  private long untilNanos;

  /// @param mostNanos how long to wait at most
  Company(long mostNanos) {
    this.mostNanos = mostNanos;
  }

  /// Whether to wait for more edits than there are. If not, they are said now.
  boolean isWorthAwaiting(int edits, long nowNanos) {
    if (edits == 0) {
      awaited = false;
      return false;
    }
    if (edits < Math.max(last, beforeLast)) {
      if (!awaited) {
        awaited = true;
        untilNanos = nowNanos + Math.min(roundNanos, mostNanos);
      }
      if (untilNanos - nowNanos > 0) {
        return true;
      }
    }
    awaited = false;
    beforeLast = last;
    last = edits;
    saidNanos = nowNanos;
    return false;
  }

  /// There is nothing to say at present.
  void forget() {
    awaited = false;
  }

  /// What was said is answered: longer than that took it is not worth waiting.
  void answered(long nowNanos) {
    roundNanos = nowNanos - saidNanos;
  }

  boolean isAwaited() {
    return awaited;
  }

  /// How long it is still waited for.
  long leftNanos(long nowNanos) {
    return awaited ? Math.max(0, untilNanos - nowNanos) : Long.MAX_VALUE;
  }
}
