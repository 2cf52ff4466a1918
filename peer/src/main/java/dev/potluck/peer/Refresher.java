package dev.potluck.peer;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;

/// Does one thing whenever it is asked to, but never twice at a time and with a rest in between:
/// what was asked for meanwhile is done once, afterwards. Thread-safe.
final class Refresher implements AutoCloseable {
  private static final Logger LOG = System.getLogger(Refresher.class.getName());

  private static final Duration END = Duration.ofSeconds(1);

  private final Runnable work;
  private final Duration rest;
  private final Duration end;
  private final Signal asked = new Signal();
  private final Thread thread;

  Refresher(String name, Duration rest, Runnable work) {
    this(name, rest, END, work);
  }

  /// @param end how long closing waits for work that was interrupted
  Refresher(String name, Duration rest, Duration end, Runnable work) {
    this.work = work;
    this.rest = rest;
    this.end = end;
    this.thread = Thread.ofVirtual().name(name).start(this::run);
  }

  /// Asks for it; returns at once.
  void ask() {
    asked.raise();
  }

  private void run() {
    try {
      long seen = 0;
      while (true) {
        asked.awaitAfter(seen);
        seen = asked.count();
        try {
          work.run();
        } catch (RuntimeException e) {
          LOG.log(Level.ERROR, Thread.currentThread().getName() + " failed", e);
        }
        boolean _ = Retry.forEver(rest, rest).again();
      }
    } catch (InterruptedException e) {
      LOG.log(Level.DEBUG, "{0} ends", Thread.currentThread().getName());
    }
  }

  /// Interrupts the work and waits for its end, so that nothing it uses is closed under it.
  @Override
  public void close() {
    thread.interrupt();
    try {
      if (!Thread.currentThread().equals(thread) && !thread.join(end)) {
        LOG.log(Level.WARNING, "{0} does not end", thread.getName());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
