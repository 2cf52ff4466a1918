package dev.potluck.wire;

import java.io.IOException;
import java.nio.ByteBuffer;

/// A content, whole or in part, opened for one answer. Used by one virtual thread at a time.
public interface Served extends AutoCloseable {
  /// Whether every byte of the range lies in pieces that are here and were verified.
  boolean has(long offset, long lengthBytes);

  /// Reads some bytes from a position on; only asked for what {@link #has} said is here.
  ///
  /// @return how many were read, at least one; -1 ends the connection, as an exception does
  int read(long position, ByteBuffer target) throws IOException;

  /// The hashes of all pieces, as `PieceLayer.bytes()`.
  byte[] layer() throws IOException;

  @Override
  void close();
}
