package dev.potluck.fuse;

/// The flags of open(2) that a file system may look at, the same on every architecture here.
public final class OpenFlags {
  /// The bits that say reading (0), writing (1) or both (2).
  public static final int ACCESS_MODE = 3;

  public static final int READ_ONLY = 0;
  public static final int WRITE_ONLY = 1;
  public static final int READ_WRITE = 2;
  public static final int EXCLUSIVE = 0200;
  public static final int TRUNCATE = 01000;
  public static final int APPEND = 02000;
  public static final int DSYNC = 010000;

  private OpenFlags() {}

  /// Whether a file that is opened so can be written.
  public static boolean writes(int flags) {
    return (flags & ACCESS_MODE) != READ_ONLY;
  }

  /// Whether a file that is opened so can be written and not read.
  public static boolean writesOnly(int flags) {
    return (flags & ACCESS_MODE) == WRITE_ONLY;
  }
}
