package dev.potluck.bench;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/// The machine's memory, before something is measured that needs much of it.
final class Memory {
  /// The kernel caches a long write in blocks of its length. Blocks larger than this are given to
  /// the host as soon as they are free, smaller ones stay.
  private static final int BLOCK_BYTES = 64 << 10;

  private Memory() {}

  /// Fills and frees as much of the page cache, right before the clock starts: a virtual machine
  /// gives free memory back to its host, and whoever writes first would pay for getting it again.
  static void claim(Path folder, long bytes) throws IOException {
    Path filling = folder.resolve("filling");
    ByteBuffer block = ByteBuffer.allocateDirect(BLOCK_BYTES);
    try (FileChannel file =
        FileChannel.open(filling, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
      for (long left = bytes; left > 0; left -= BLOCK_BYTES) {
        file.write(block.clear());
      }
    } finally {
      Files.deleteIfExists(filling);
    }
  }
}
