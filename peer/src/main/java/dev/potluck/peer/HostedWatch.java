package dev.potluck.peer;

import dev.potluck.directory.Changes;
import dev.potluck.wire.Watch;
import dev.potluck.wire.WatchEvents;
import dev.potluck.wire.WatchSink;
import java.util.ArrayList;
import java.util.List;

/// Both ends of the watch of a peer on the machine that leads the directory. Events are handled by
/// the thread that brings them, before it looks for the next.
final class HostedWatch implements Watch, WatchSink {
  private final WatchEvents events;

  // Guarded by this.
  private final List<Runnable> closing = new ArrayList<>();
  private boolean closed;

  HostedWatch(WatchEvents events) {
    this.events = events;
  }

  @Override
  public void begin(long incarnation) {
    events.began(incarnation);
  }

  @Override
  public boolean send(Changes changes) {
    if (!isOpen()) {
      return false;
    }
    events.changes(changes);
    return true;
  }

  @Override
  public boolean offer(Changes changes) {
    return send(changes);
  }

  @Override
  public synchronized boolean isOpen() {
    return !closed;
  }

  @Override
  public void close() {
    List<Runnable> actions;
    synchronized (this) {
      if (closed) {
        return;
      }
      closed = true;
      actions = List.copyOf(closing);
    }
    actions.forEach(Runnable::run);
    events.lost("the watch has ended");
  }

  @Override
  public void onClose(Runnable action) {
    synchronized (this) {
      if (!closed) {
        closing.add(action);
        return;
      }
    }
    action.run();
  }
}
