package dev.potluck.peer;

import java.time.Instant;

/// What statx says of a file.
///
/// @param type S_IFMT bits of the mode
/// @param mode permission bits, within 0777
/// @param device number of the file system it is on, as long as that is mounted
record FileStat(FileIdentity identity, int type, int mode, long device) {
  static final int TYPE_MASK = 0xF000;
  static final int FIFO = 0x1000;
  static final int CHARACTER_DEVICE = 0x2000;
  static final int FOLDER = 0x4000;
  static final int BLOCK_DEVICE = 0x6000;
  static final int REGULAR = 0x8000;
  static final int SYMLINK = 0xA000;
  static final int SOCKET = 0xC000;

  boolean isFile() {
    return type == REGULAR;
  }

  boolean isFolder() {
    return type == FOLDER;
  }

  static Instant instant(long ns) {
    return Instant.ofEpochSecond(
        Math.floorDiv(ns, 1_000_000_000L), Math.floorMod(ns, 1_000_000_000L));
  }

  /// Saturates for times beyond the years 1677 and 2262.
  static long nanos(Instant time) {
    try {
      return Math.addExact(
          Math.multiplyExact(time.getEpochSecond(), 1_000_000_000L), time.getNano());
    } catch (ArithmeticException e) {
      return time.getEpochSecond() < 0 ? Long.MIN_VALUE : Long.MAX_VALUE;
    }
  }
}
