package dev.potluck.peer;

import dev.potluck.content.Kind;
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

  /// Whether it has a content: what Potluck shares.
  boolean hasContent() {
    return type == REGULAR || type == SYMLINK;
  }

  /// What a version of it is.
  ///
  /// @throws IllegalStateException if it is nothing that Potluck shares
  Kind kind() {
    return switch (type) {
      case REGULAR -> Kind.FILE;
      case SYMLINK -> Kind.SYMLINK;
      case FOLDER -> Kind.FOLDER;
      default -> throw new IllegalStateException("type " + Integer.toOctalString(type));
    };
  }

  /// Kind and mode as one number for a database: of a symlink as stat(2) has it, of a file without
  /// the type, as was written before there were symlinks.
  static int modeOf(Kind kind, int mode) {
    return kind == Kind.SYMLINK ? SYMLINK | mode : mode;
  }

  /// The kind in what {@link #modeOf} made.
  static Kind kindOf(int statMode) {
    return (statMode & TYPE_MASK) == SYMLINK ? Kind.SYMLINK : Kind.FILE;
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
