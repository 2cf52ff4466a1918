package dev.potluck.wire;

import com.google.protobuf.MessageLite;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.CallStreamObserver;
import java.time.Duration;
import java.util.ArrayDeque;

/// What waits to be sent on one stream, bounded: a reader that does not keep up is cut.
/// Thread-safe.
final class Outbox<M extends MessageLite> {
  private static final int POLL_MILLIS = 20;
  private static final Status TOO_SLOW =
      Status.RESOURCE_EXHAUSTED.withDescription("too slow a reader");

  private final CallStreamObserver<? super M> stream;
  private final int messagesMax;
  private final ArrayDeque<M> waiting = new ArrayDeque<>();
  private long waitingBytes;
  private boolean open = true;

  Outbox(CallStreamObserver<? super M> stream, int messagesMax) {
    this.stream = stream;
    this.messagesMax = messagesMax;
  }

  /// Sends without waiting.
  ///
  /// @return false if the stream is over, or was cut now
  synchronized boolean offer(M message) {
    drain();
    if (!open) {
      return false;
    }
    if (waiting.isEmpty() && stream.isReady()) {
      return next(message);
    }
    waiting.add(message);
    waitingBytes += message.getSerializedSize();
    if (waiting.size() > messagesMax || waitingBytes > WireLimits.OUTBOX_BYTES) {
      fail(TOO_SLOW.asRuntimeException());
    }
    return open;
  }

  /// Sends when there is room.
  ///
  /// @return false if the stream is over, or there was no room in time, which ends it
  synchronized boolean send(M message, Duration timeout) {
    long deadline = System.nanoTime() + timeout.toNanos();
    try {
      while (open && !(waiting.isEmpty() && stream.isReady())) {
        if (System.nanoTime() - deadline > 0) {
          fail(TOO_SLOW.asRuntimeException());
          return false;
        }
        // Asked for again and again: the call that says "ready" waits behind our caller's.
        wait(POLL_MILLIS);
        drain();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
    return open && next(message);
  }

  synchronized void drain() {
    while (open && !waiting.isEmpty() && stream.isReady()) {
      M message = waiting.remove();
      waitingBytes -= message.getSerializedSize();
      next(message);
    }
    notifyAll();
  }

  private boolean next(M message) {
    try {
      stream.onNext(message);
    } catch (IllegalStateException | StatusRuntimeException e) {
      // The call ended before we heard of it.
      open = false;
      waiting.clear();
    }
    return open;
  }

  /// Sends what waits and ends the stream.
  synchronized void complete() {
    if (open) {
      while (!waiting.isEmpty()) {
        if (!next(waiting.remove())) {
          return;
        }
      }
      open = false;
      stream.onCompleted();
      notifyAll();
    }
  }

  /// Ends the stream with an error, unless it is over.
  synchronized void fail(StatusRuntimeException why) {
    if (open) {
      open = false;
      waiting.clear();
      stream.onError(why);
      notifyAll();
    }
  }

  /// The stream was ended by the other side.
  synchronized void gone() {
    open = false;
    waiting.clear();
    notifyAll();
  }

  synchronized boolean isOpen() {
    return open;
  }
}
