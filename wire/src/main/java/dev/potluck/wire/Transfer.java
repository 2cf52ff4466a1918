package dev.potluck.wire;

import java.util.concurrent.CompletableFuture;

/// A running transfer. Any thread.
public interface Transfer {
  /// Completes once, with how it ended; never exceptionally. After that the sink is not called.
  CompletableFuture<TransferOutcome> outcome();

  /// Bytes handed to the sink so far.
  long receivedBytes();

  /// Ends it soon, as {@link TransferOutcome.Cancelled} unless it ended otherwise before.
  void cancel();

  /// Waits for the end; an interrupt cancels.
  default TransferOutcome await() throws InterruptedException {
    try {
      return outcome().get();
    } catch (InterruptedException e) {
      cancel();
      throw e;
    } catch (java.util.concurrent.ExecutionException e) {
      throw new IllegalStateException("an outcome is never an exception", e);
    }
  }
}
