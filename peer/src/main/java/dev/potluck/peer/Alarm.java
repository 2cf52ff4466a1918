package dev.potluck.peer;

/// Wakes a state machine of the exchange thread at the earliest time it asked for. One that is set
/// for an earlier time takes the place of a later one. Belongs to the exchange thread.
final class Alarm {
  private final ExchangeThread thread;
  private final Runnable action;
  private long atNanos = Long.MAX_VALUE;

  Alarm(ExchangeThread thread, Runnable action) {
    this.thread = thread;
    this.action = action;
  }

  /// Rings at a time of {@link ExchangeThread#nowNanos} at the latest; `Long.MAX_VALUE` is never.
  void setFor(long nanos) {
    if (nanos < atNanos) {
      atNanos = nanos;
      thread.runAt(nanos, () -> ring(nanos));
    }
  }

  private void ring(long nanos) {
    if (atNanos == nanos) {
      atNanos = Long.MAX_VALUE;
      action.run();
    }
  }
}
