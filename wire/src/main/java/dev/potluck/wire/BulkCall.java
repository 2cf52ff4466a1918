package dev.potluck.wire;

import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpResponse;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/// One request of a {@link BulkClient} on its way: what is asked, where the body goes, how it
/// ended. The body is taken by one thread at a time, the connection's lane.
final class BulkCall implements Transfer {
  /// Where the body of an answer goes.
  interface Body {
    /// Takes all remaining bytes; throws if the sink does, or if they are not what was asked for.
    void accept(ByteBuffer bytes) throws IOException;

    /// Whether it is complete now.
    boolean isComplete();

    /// Whether `accept` may wait for anything but the local disk.
    boolean mayBlock();
  }

  /// An answer that breaks the protocol: the holder is not to be asked again.
  static final class BadAnswer extends IOException {
    private static final long serialVersionUID = 1L;

    BadAnswer(String message) {
      super(message);
    }
  }

  private final FullHttpRequest request;
  private final Body body;
  private final long expectedBytes;
  private final CompletableFuture<TransferOutcome> outcome = new CompletableFuture<>();
  private final AtomicLong received = new AtomicLong();
  private volatile boolean cancelled;
  private volatile boolean answered;
  private volatile @Nullable Runnable canceller;
  private volatile long asked;
  private volatile long firstByte;
  private int attempts;

  /// @param expectedBytes what the answer's Content-Length must be, -1 if any
  BulkCall(FullHttpRequest request, Body body, long expectedBytes) {
    this.request = request;
    this.body = body;
    this.expectedBytes = expectedBytes;
  }

  @Override
  public CompletableFuture<TransferOutcome> outcome() {
    return outcome;
  }

  @Override
  public long receivedBytes() {
    return received.get();
  }

  @Override
  public void cancel() {
    cancelled = true;
    Runnable action = canceller;
    if (action != null) {
      action.run();
    }
  }

  boolean mayBlock() {
    return body.mayBlock();
  }

  boolean isCancelled() {
    return cancelled;
  }

  /// What `cancel` must do from now on.
  void cancelledBy(Runnable action) {
    canceller = action;
    if (cancelled) {
      action.run();
    }
  }

  FullHttpRequest asking() {
    asked = System.nanoTime();
    attempts++;
    return request.retainedDuplicate();
  }

  /// Whether it may be sent again after a kept connection broke before any answer.
  boolean mayRepeat() {
    return attempts < 2 && !answered && !cancelled;
  }

  /// Looks at the head of the answer.
  ///
  /// @return how the call ends without a body; null if the body follows
  @Nullable TransferOutcome answered(HttpResponse head) {
    answered = true;
    firstByte = System.nanoTime();
    int status = head.status().code();
    if (status == 200 || status == 206) {
      String length = head.headers().get(HttpHeaderNames.CONTENT_LENGTH);
      boolean asExpected =
          expectedBytes < 0 || (length != null && length.equals(Long.toString(expectedBytes)));
      return asExpected ? null : new TransferOutcome.Violated("an answer of another length");
    }
    return switch (status) {
      case 404 -> new TransferOutcome.NotHere();
      case 409 -> new TransferOutcome.NotYet();
      case 503 -> new TransferOutcome.Busy();
      default -> new TransferOutcome.Refused("status " + status);
    };
  }

  /// In the lane: hands bytes on.
  ///
  /// @return how the call ended, if it did because of them
  @Nullable TransferOutcome take(ByteBuf bytes) {
    if (outcome.isDone()) {
      return null;
    }
    if (cancelled) {
      return new TransferOutcome.Cancelled();
    }
    int length = bytes.readableBytes();
    try {
      body.accept(bytes.nioBuffer());
      received.addAndGet(length);
      return null;
    } catch (BadAnswer e) {
      return new TransferOutcome.Violated(String.valueOf(e.getMessage()));
    } catch (IOException e) {
      return new TransferOutcome.SinkFailed(e);
    } catch (RuntimeException e) {
      return new TransferOutcome.SinkFailed(new IOException("the sink failed", e));
    }
  }

  /// In the lane: the answer is at its end.
  void bodyEnded() {
    if (!body.isComplete()) {
      // Of an answer that nobody wants any more the rest was not looked at.
      end(
          cancelled
              ? new TransferOutcome.Cancelled()
              : new TransferOutcome.Violated("the answer is too short"));
      return;
    }
    Duration toFirst = Duration.ofNanos(firstByte - asked);
    Duration total = Duration.ofNanos(System.nanoTime() - asked);
    end(new TransferOutcome.Complete(received.get(), toFirst, total));
  }

  void end(TransferOutcome how) {
    if (outcome.complete(how)) {
      request.release();
    }
  }
}
