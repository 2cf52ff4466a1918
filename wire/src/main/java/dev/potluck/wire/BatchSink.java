package dev.potluck.wire;

import java.io.IOException;
import java.nio.ByteBuffer;

/// Takes the contents of one batch in the order they were asked for, unverified. Called by one
/// thread at a time.
public interface BatchSink {
  /// Takes one whole content.
  ///
  /// @param index in the list that was asked for
  /// @param bytes may be used during the call only
  /// @throws IOException ends the transfer as {@link TransferOutcome.SinkFailed}
  void content(int index, ByteBuffer bytes) throws IOException;

  /// One content that the holder has not, or not whole.
  void absent(int index) throws IOException;
}
