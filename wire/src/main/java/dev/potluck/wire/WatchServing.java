package dev.potluck.wire;

import dev.potluck.directory.Changes;
import dev.potluck.directory.Entry;
import dev.potluck.wire.v1.WatchReply;
import io.grpc.stub.ServerCallStreamObserver;
import java.util.ArrayList;
import java.util.List;

/// The server's end of one watch: cuts what is too long for one message, and a watcher that is too
/// slow.
final class WatchServing implements WatchSink {
  /// With the longest names an entry has some 4 KiB.
  private static final int ENTRIES_PER_MESSAGE = 500;

  private final Outbox<WatchReply> outbox;
  private final List<Runnable> closing = new ArrayList<>();
  private boolean gone;

  WatchServing(ServerCallStreamObserver<WatchReply> stream) {
    this.outbox = new Outbox<>(stream, Integer.MAX_VALUE);
    stream.setOnReadyHandler(outbox::drain);
    stream.setOnCancelHandler(this::gone);
    stream.setOnCloseHandler(this::gone);
  }

  /// Runs the service's part; what it throws ends the watch.
  void run(Runnable service) {
    try {
      service.run();
    } catch (RuntimeException e) {
      outbox.fail(WireStatus.of(e));
      gone();
    }
  }

  private void gone() {
    outbox.gone();
    List<Runnable> actions;
    synchronized (closing) {
      if (gone) {
        return;
      }
      gone = true;
      actions = List.copyOf(closing);
    }
    actions.forEach(Runnable::run);
  }

  @Override
  public void begin(long incarnation) {
    outbox.offer(WatchReply.newBuilder().setIncarnation(incarnation).build());
  }

  @Override
  public boolean send(Changes changes) {
    for (WatchReply part : parts(changes)) {
      if (!outbox.send(part, WireLimits.SLOW_READER)) {
        gone();
        return false;
      }
    }
    return true;
  }

  @Override
  public boolean offer(Changes changes) {
    for (WatchReply part : parts(changes)) {
      if (!outbox.offer(part)) {
        gone();
        return false;
      }
    }
    return true;
  }

  private static List<WatchReply> parts(Changes changes) {
    List<Entry> entries = changes.entries();
    List<WatchReply> parts = new ArrayList<>();
    int from = 0;
    do {
      int to = Math.min(from + ENTRIES_PER_MESSAGE, entries.size());
      var part =
          new Changes(
              changes.revision(),
              changes.snapshot(),
              entries.subList(from, to),
              changes.last() && to == entries.size());
      parts.add(WatchReply.newBuilder().setChanges(SessionCodec.message(part)).build());
      from = to;
    } while (from < entries.size());
    return parts;
  }

  @Override
  public boolean isOpen() {
    return outbox.isOpen();
  }

  @Override
  public void close() {
    outbox.complete();
    gone();
  }

  @Override
  public void onClose(Runnable action) {
    synchronized (closing) {
      if (!gone) {
        closing.add(action);
        return;
      }
    }
    action.run();
  }
}
