package dev.potluck.wire;

import dev.potluck.wire.v1.WatchReply;
import dev.potluck.wire.v1.WatchRequest;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.ClientCallStreamObserver;
import io.grpc.stub.ClientResponseObserver;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/// The client's end of one watch: one event at a time.
final class WatchCalling implements Watch, ClientResponseObserver<WatchRequest, WatchReply> {
  private final WatchEvents events;
  private final CompletableFuture<Boolean> begun = new CompletableFuture<>();
  private final AtomicBoolean over = new AtomicBoolean();
  private volatile @Nullable ClientCallStreamObserver<WatchRequest> stream;

  WatchCalling(WatchEvents events) {
    this.events = events;
  }

  @Override
  public void beforeStart(ClientCallStreamObserver<WatchRequest> requests) {
    stream = requests;
    requests.disableAutoRequestWithInitial(1);
  }

  /// Waits for the first event.
  ///
  /// @throws StatusRuntimeException if the watch is refused, redirected, or not answered in time
  void await(Duration timeout) {
    try {
      begun.get(timeout.toMillis(), TimeUnit.MILLISECONDS);
    } catch (ExecutionException e) {
      throw e.getCause() instanceof StatusRuntimeException status
          ? status
          : Status.UNAVAILABLE.withCause(e.getCause()).asRuntimeException();
    } catch (TimeoutException e) {
      close();
      throw Status.DEADLINE_EXCEEDED.withCause(e).asRuntimeException();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      close();
      throw Status.CANCELLED.withCause(e).asRuntimeException();
    }
  }

  @Override
  public void onNext(WatchReply reply) {
    begun.complete(true);
    switch (reply.getReplyCase()) {
      case INCARNATION -> events.began(reply.getIncarnation());
      case CHANGES -> events.changes(SessionCodec.of(reply.getChanges()));
      case REPLY_NOT_SET -> close();
    }
    ClientCallStreamObserver<WatchRequest> requests = stream;
    if (requests != null) {
      requests.request(1);
    }
  }

  @Override
  public void onError(Throwable failure) {
    boolean wasBegun = !begun.completeExceptionally(failure);
    if (wasBegun && over.compareAndSet(false, true)) {
      events.lost(String.valueOf(WireStatus.exception(failure, "the directory").getMessage()));
    }
  }

  @Override
  public void onCompleted() {
    onError(Status.UNAVAILABLE.withDescription("it ended the watch").asRuntimeException());
  }

  @Override
  public boolean isOpen() {
    return !over.get();
  }

  @Override
  public void close() {
    over.set(true);
    ClientCallStreamObserver<WatchRequest> requests = stream;
    if (requests != null) {
      requests.cancel("closed", null);
    }
  }
}
