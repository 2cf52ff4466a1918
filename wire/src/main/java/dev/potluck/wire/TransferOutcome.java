package dev.potluck.wire;

import java.io.IOException;
import java.time.Duration;

/// How a transfer ended.
public sealed interface TransferOutcome {
  /// All bytes were handed to the sink.
  ///
  /// @param firstByte from the request to the answer's first byte
  /// @param total from the request to the last byte
  record Complete(long bytes, Duration firstByte, Duration total) implements TransferOutcome {}

  /// The holder has nothing of this content (any more).
  record NotHere() implements TransferOutcome {}

  /// The holder has not all pieces of the range; nothing was sent.
  record NotYet() implements TransferOutcome {}

  /// The holder has too much to do; ask later.
  record Busy() implements TransferOutcome {}

  /// The holder refuses, or is not who it should be; asking again is of no use.
  record Refused(String why) implements TransferOutcome {}

  /// The answer is not what was asked for: whoever sends such a thing lies, or is damaged.
  record Violated(String why) implements TransferOutcome {}

  /// The connection could not be made, broke, or stood still; what came was handed to the sink.
  record Lost(long receivedBytes, String why) implements TransferOutcome {}

  record Cancelled() implements TransferOutcome {}

  /// The sink threw.
  record SinkFailed(IOException cause) implements TransferOutcome {}
}
