package dev.potluck.simulation;

import java.util.PriorityQueue;

/// Virtual time: what is due happens in order of time, and in order of scheduling at equal times.
final class EventQueue {
  private final PriorityQueue<Scheduled> queue = new PriorityQueue<>();
  private long nowNanos;
  private long scheduled;

  private record Scheduled(long atNanos, long order, Runnable action)
      implements Comparable<Scheduled> {
    @Override
    public int compareTo(Scheduled other) {
      int byTime = Long.compare(atNanos, other.atNanos);
      return byTime != 0 ? byTime : Long.compare(order, other.order);
    }
  }

  long nowNanos() {
    return nowNanos;
  }

  /// How many things have been scheduled so far.
  long scheduled() {
    return scheduled;
  }

  void at(long atNanos, Runnable action) {
    queue.add(new Scheduled(Math.max(atNanos, nowNanos), scheduled++, action));
  }

  void after(long delayNanos, Runnable action) {
    at(nowNanos + delayNanos, action);
  }

  /// Lets time pass in which nothing happens any more.
  void rest(long untilNanos) {
    nowNanos = Math.max(nowNanos, untilNanos);
  }

  /// Lets the next thing happen.
  ///
  /// @return false if there is none before the end
  boolean step(long endNanos) {
    Scheduled next = queue.peek();
    if (next == null || next.atNanos > endNanos) {
      return false;
    }
    queue.poll();
    nowNanos = next.atNanos;
    next.action.run();
    return true;
  }
}
