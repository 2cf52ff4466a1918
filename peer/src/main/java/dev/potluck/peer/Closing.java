package dev.potluck.peer;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.ArrayDeque;
import java.util.Deque;

/// What a daemon has opened, to be closed in reverse: one that fails to close does not keep the
/// others open.
final class Closing implements AutoCloseable {
  private static final Logger LOG = System.getLogger(Closing.class.getName());

  private final Deque<Part> parts = new ArrayDeque<>();
  private boolean closed;

  private record Part(String what, AutoCloseable part) {}

  synchronized void add(String what, AutoCloseable part) {
    parts.push(new Part(what, part));
  }

  @Override
  public synchronized void close() {
    if (closed) {
      return;
    }
    closed = true;
    boolean interrupted = false;
    for (Part part : parts) {
      try {
        part.part.close();
      } catch (InterruptedException e) {
        interrupted = true;
      } catch (Exception e) {
        LOG.log(Level.WARNING, "the {0} did not close well: {1}", part.what, e.toString());
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
