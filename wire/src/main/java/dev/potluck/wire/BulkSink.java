package dev.potluck.wire;

import java.io.IOException;
import java.nio.ByteBuffer;

/// Takes the bytes of one transfer as they come, in order, unverified.
@FunctionalInterface
public interface BulkSink {
  /// Takes all remaining bytes of the buffer, which is direct, and may be used during the call
  /// only. Called by one thread at a time; while it blocks no more is read from the network.
  ///
  /// @param position of the first byte in the content
  /// @throws IOException ends the transfer as {@link TransferOutcome.SinkFailed}
  void write(long position, ByteBuffer bytes) throws IOException;

  /// Whether `write` may wait for anything but the processor and the local disk. If not, it is
  /// called where the bytes were received, on one of the few network threads: cheaper, and to be
  /// promised only by sinks that hash and write.
  default boolean mayBlock() {
    return true;
  }
}
