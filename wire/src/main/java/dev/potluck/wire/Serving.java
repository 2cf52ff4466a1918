package dev.potluck.wire;

import io.grpc.stub.StreamObserver;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Supplier;

/// Answers one call with what a service returns or throws.
final class Serving {
  private Serving() {}

  static <A> void answer(StreamObserver<A> out, Supplier<A> call) {
    A answer;
    try {
      answer = call.get();
    } catch (RuntimeException e) {
      out.onError(WireStatus.of(e));
      return;
    }
    out.onNext(answer);
    out.onCompleted();
  }

  /// The same when what it returns is there.
  static <A> void answer(StreamObserver<A> out, CompletableFuture<A> coming) {
    var _ =
        coming.whenComplete(
            (answer, failure) -> {
              if (failure == null) {
                out.onNext(answer);
                out.onCompleted();
              } else {
                boolean wrapped = failure instanceof CompletionException;
                Throwable why = wrapped ? failure.getCause() : failure;
                out.onError(WireStatus.of(Objects.requireNonNullElse(why, failure)));
              }
            });
  }
}
