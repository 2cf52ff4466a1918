package dev.potluck.peer;

/// "Something has changed": a counter that others can wait for. Thread-safe.
final class Signal {
  private long count;

  synchronized long count() {
    return count;
  }

  synchronized void raise() {
    count++;
    notifyAll();
  }

  /// Waits until it was raised after `seen`.
  synchronized void awaitAfter(long seen) throws InterruptedException {
    while (count == seen) {
      wait();
    }
  }
}
