package dev.potluck.cli;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.SplittableRandom;

/// A file that tells of each of its blocks which file, which edition and which block it is, and
/// whose other bytes follow from that: whoever has read a block knows whether it is right.
///
/// @param number of the file
/// @param blocks its length
record ToldFile(int number, int blocks) {
  static final int BLOCK_BYTES = 4096;

  private static final int HEAD_BYTES = 3 * Integer.BYTES;

  String name() {
    return "file-%02d".formatted(number);
  }

  /// Puts an edition in place of the one before.
  void write(Path folder, int edition) throws IOException {
    var fresh = folder.resolveSibling(name() + ".new");
    try (OutputStream out = Files.newOutputStream(fresh)) {
      var all = ByteBuffer.allocate(blocks * BLOCK_BYTES);
      for (int block = 0; block < blocks; block++) {
        all.put(block(edition, block));
      }
      out.write(all.array());
    }
    Files.move(fresh, folder.resolve(name()), StandardCopyOption.ATOMIC_MOVE);
  }

  /// Checks what was read of a block.
  ///
  /// @return the edition it is of
  /// @throws AssertionError if it is no block of this file, or not that one
  int check(int block, ByteBuffer read) {
    if (read.remaining() != BLOCK_BYTES) {
      throw new AssertionError(
          "%s, block %d: %d bytes were read".formatted(name(), block, read.remaining()));
    }
    int edition = read.getInt(read.position() + Integer.BYTES);
    int differs = read.mismatch(ByteBuffer.wrap(block(edition, block)));
    if (differs >= 0) {
      throw new AssertionError(
          "%s, block %d of edition %d differs at %d".formatted(name(), block, edition, differs));
    }
    return edition;
  }

  private byte[] block(int edition, int block) {
    var bytes = ByteBuffer.allocate(BLOCK_BYTES);
    bytes.putInt(number).putInt(edition).putInt(block);
    var random = new SplittableRandom(((long) number << 42) ^ ((long) edition << 21) ^ block);
    while (bytes.remaining() >= Long.BYTES) {
      bytes.putLong(random.nextLong());
    }
    while (bytes.hasRemaining()) {
      bytes.put((byte) HEAD_BYTES);
    }
    return bytes.array();
  }
}
