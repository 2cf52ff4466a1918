package dev.potluck.peer;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.OptionalInt;

/// One version of a name, open for reading: it stays what it is whatever becomes of the name.
/// Thread-safe.
public interface OpenFile extends AutoCloseable {
  /// Reads bytes, verified ones; waits for them if they have to be fetched.
  ///
  /// @return how many, less than asked for only at the end; -1 at the end
  /// @throws dev.potluck.content.PotluckException if they can't be had in time
  int read(long position, ByteBuffer target) throws IOException, InterruptedException;

  /// Whether a read there waits for nothing, not even for a disk.
  boolean isAtHand(long position, int length);

  /// A descriptor of the file on the local disk, if all of it is there; belongs to the caller.
  OptionalInt descriptor() throws IOException;

  @Override
  void close();
}
