package dev.potluck.bench;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.SplittableRandom;

/// Reads files as programs do, by system calls of a usual size, and takes the time from before the
/// file is opened.
final class ReadSpeed {
  static final int BLOCK_BYTES = 4096;

  private static final int CHUNK_BYTES = 1 << 20;

  private ReadSpeed() {}

  /// The whole file from its begin, 1 MiB a call.
  ///
  /// @return bytes a second
  static double sequential(Path file) throws IOException {
    ByteBuffer buffer = ByteBuffer.allocateDirect(CHUNK_BYTES);
    long startNanos = System.nanoTime();
    long bytes = 0;
    try (FileChannel channel = FileChannel.open(file)) {
      for (int n = channel.read(buffer); n >= 0; n = channel.read(buffer.clear())) {
        bytes += n;
      }
      if (bytes != channel.size()) {
        throw new EOFException("%s ended after %d bytes".formatted(file, bytes));
      }
    }
    return bytes / secondsSince(startNanos);
  }

  /// Blocks of 4 KiB at random places, one at a time, for so long.
  ///
  /// @return blocks a second
  static double random(Path file, double seconds, long seed) throws IOException {
    ByteBuffer buffer = ByteBuffer.allocateDirect(BLOCK_BYTES);
    SplittableRandom random = new SplittableRandom(seed);
    long startNanos = System.nanoTime();
    long endNanos = startNanos + (long) (seconds * 1e9);
    long blocks = 0;
    try (FileChannel channel = FileChannel.open(file)) {
      long all = channel.size() / BLOCK_BYTES;
      while (System.nanoTime() < endNanos) {
        if (channel.read(buffer.clear(), random.nextLong(all) * BLOCK_BYTES) != BLOCK_BYTES) {
          throw new EOFException(file + " is shorter than it was");
        }
        blocks++;
      }
    }
    return blocks / secondsSince(startNanos);
  }

  /// The first bytes, as `head -c 100` reads them.
  ///
  /// @return seconds
  static double firstBytes(Path file) throws IOException {
    ByteBuffer buffer = ByteBuffer.allocateDirect(100);
    long startNanos = System.nanoTime();
    try (FileChannel channel = FileChannel.open(file)) {
      if (channel.read(buffer) <= 0) {
        throw new EOFException(file + " is empty");
      }
    }
    return secondsSince(startNanos);
  }

  static double secondsSince(long startNanos) {
    return (System.nanoTime() - startNanos) / 1e9;
  }
}
