package dev.potluck.fuse;

import java.util.ArrayDeque;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/// The requests that are worked on by threads of their own, so that an INTERRUPT finds its thread.
/// Thread-safe.
///
/// An INTERRUPT can be read before the request that it means is known here: another reader has that
/// in hand at this moment. It is remembered, a bounded number of them.
final class InFlight {
  private static final int EARLY_MAX = 1024;

  private final ConcurrentHashMap<Long, Thread> threads = new ConcurrentHashMap<>();
  private final Set<Long> early = ConcurrentHashMap.newKeySet();
  private final ArrayDeque<Long> earlyInOrder = new ArrayDeque<>(); // guarded by itself

  /// A thread begins with a request.
  void enter(long unique, Thread thread) {
    threads.put(unique, thread);
    if (!early.isEmpty() && early.remove(unique)) {
      thread.interrupt();
    }
  }

  /// The request is answered; an interrupt comes too late from here on.
  void leave(long unique) {
    threads.remove(unique);
  }

  /// The caller of a request got a signal.
  void interrupt(long unique) {
    if (interruptIfHere(unique)) {
      return;
    }
    early.add(unique);
    synchronized (earlyInOrder) {
      earlyInOrder.add(unique);
      if (earlyInOrder.size() > EARLY_MAX) {
        early.remove(earlyInOrder.remove());
      }
    }
    // It may have come in between.
    if (interruptIfHere(unique)) {
      early.remove(unique);
    }
  }

  private boolean interruptIfHere(long unique) {
    return threads.computeIfPresent(
            unique,
            (_, thread) -> {
              thread.interrupt();
              return thread;
            })
        != null;
  }

  /// Nobody waits for any answer any more.
  void interruptAll() {
    threads.values().forEach(Thread::interrupt);
  }

  /// Whether a thread works on a request.
  boolean has(Thread thread) {
    return threads.containsValue(thread);
  }

  int size() {
    return threads.size();
  }
}
