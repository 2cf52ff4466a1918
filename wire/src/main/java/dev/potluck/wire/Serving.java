package dev.potluck.wire;

import io.grpc.stub.StreamObserver;
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
}
