package dev.potluck.content;

import java.io.IOException;
import java.nio.ByteBuffer;

/// Bytes that can be read at any position, by several threads at once.
@FunctionalInterface
public interface ByteSource {
  /// Reads some bytes from a position on.
  ///
  /// @return how many were read, at least one, or -1 at the end
  int read(long position, ByteBuffer target) throws IOException;
}
