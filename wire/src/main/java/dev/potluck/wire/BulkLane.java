package dev.potluck.wire;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/// Hands what comes on one connection to its sinks, in order: on a virtual thread of its own, or on
/// the event loop for sinks that say they don't wait, which saves a sixth of all processor time.
/// When more than a window waits, the connection is not read until half of it is taken: a slow sink
/// slows the sender, not the memory.
@SuppressWarnings("FutureReturnValueIgnored") // Netty: what fails closes the channel
final class BulkLane {
  private static final int WINDOW_BYTES = 1 << 20;

  private record Item(BulkCall call, @Nullable ByteBuf bytes, @Nullable TransferOutcome end) {}

  private final Channel channel;
  private final Executor workers;
  private final ConcurrentLinkedQueue<Item> items = new ConcurrentLinkedQueue<>();
  private final AtomicInteger queuedBytes = new AtomicInteger();
  private final AtomicBoolean running = new AtomicBoolean();
  private final AtomicBoolean paused = new AtomicBoolean();

  BulkLane(Channel channel, Executor workers) {
    this.channel = channel;
    this.workers = workers;
  }

  /// Takes over the bytes. On the event loop.
  void bytes(BulkCall call, ByteBuf bytes) {
    int waiting = queuedBytes.addAndGet(bytes.readableBytes());
    if (waiting > WINDOW_BYTES && paused.compareAndSet(false, true)) {
      channel.config().setAutoRead(false);
      // The lane may have emptied in between and not have seen that.
      resumeIfTaken();
    }
    offer(new Item(call, bytes, null));
  }

  /// The body of this call is complete.
  void complete(BulkCall call) {
    offer(new Item(call, null, null));
  }

  /// The call ends so, after what came before.
  void end(BulkCall call, TransferOutcome how) {
    offer(new Item(call, null, how));
  }

  /// Whether the connection stands still because of us.
  boolean isPaused() {
    return paused.get() || running.get();
  }

  private void offer(Item item) {
    items.add(item);
    if (item.bytes == null) {
      wake();
    }
  }

  /// What was read at once is taken at once: one thread switch for many records.
  void wake() {
    if (!items.isEmpty() && running.compareAndSet(false, true)) {
      try {
        Item next = items.peek();
        if (next == null || next.call.mayBlock()) {
          workers.execute(this::drain);
        } else {
          drain();
        }
      } catch (RejectedExecutionException e) {
        drain();
      }
    }
  }

  private void drain() {
    do {
      for (Item item = items.poll(); item != null; item = items.poll()) {
        take(item);
        Item next = items.peek();
        if (next != null && next.call.mayBlock() && channel.eventLoop().inEventLoop()) {
          workers.execute(this::drain);
          return;
        }
      }
      running.set(false);
    } while (!items.isEmpty() && running.compareAndSet(false, true));
  }

  private void take(Item item) {
    BulkCall call = item.call;
    ByteBuf bytes = item.bytes;
    if (bytes == null) {
      if (item.end == null) {
        call.bodyEnded();
      } else {
        call.end(item.end);
      }
      return;
    }
    int length = bytes.readableBytes();
    TransferOutcome ended = call.take(bytes);
    bytes.release();
    queuedBytes.addAndGet(-length);
    if (ended != null) {
      call.end(ended);
      // The rest of this answer is of no use.
      channel.close();
    }
    resumeIfTaken();
  }

  private void resumeIfTaken() {
    if (queuedBytes.get() <= WINDOW_BYTES / 2 && paused.compareAndSet(true, false)) {
      channel.config().setAutoRead(true);
    }
  }
}
