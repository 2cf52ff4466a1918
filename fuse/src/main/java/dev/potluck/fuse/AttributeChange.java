package dev.potluck.fuse;

import java.util.OptionalInt;
import java.util.OptionalLong;

/// What SETATTR changes: each attribute only if it is there. Times are nanoseconds since 1970.
///
/// @param valid the `FATTR_` bits of the header, as they came
public record AttributeChange(
    int valid,
    long handleOrZero,
    long sizeBytes,
    long lockOwnerOrZero,
    long atimeNs,
    long mtimeNs,
    long ctimeNs,
    int modeBits,
    int uidOrZero,
    int gidOrZero) {
  private static final int MODE = 1;
  private static final int UID = 1 << 1;
  private static final int GID = 1 << 2;
  private static final int SIZE = 1 << 3;
  private static final int ATIME = 1 << 4;
  private static final int MTIME = 1 << 5;
  private static final int FH = 1 << 6;
  private static final int ATIME_NOW = 1 << 7;
  private static final int MTIME_NOW = 1 << 8;
  private static final int LOCKOWNER = 1 << 9;
  private static final int CTIME = 1 << 10;
  private static final int KILL_SUIDGID = 1 << 11;
  private static final long NS_PER_SECOND = 1_000_000_000L;

  static AttributeChange of(SetattrIn in) {
    return new AttributeChange(
        in.valid(),
        in.fh(),
        in.size(),
        in.lockOwner(),
        in.atime() * NS_PER_SECOND + in.atimensec(),
        in.mtime() * NS_PER_SECOND + in.mtimensec(),
        in.ctime() * NS_PER_SECOND + in.ctimensec(),
        in.mode(),
        in.uid(),
        in.gid());
  }

  private boolean has(int bit) {
    return (valid & bit) != 0;
  }

  /// The new permissions (the type of a file does not change).
  public OptionalInt mode() {
    return has(MODE) ? OptionalInt.of(modeBits) : OptionalInt.empty();
  }

  public OptionalInt uid() {
    return has(UID) ? OptionalInt.of(uidOrZero) : OptionalInt.empty();
  }

  public OptionalInt gid() {
    return has(GID) ? OptionalInt.of(gidOrZero) : OptionalInt.empty();
  }

  /// The new size in bytes: truncate(2) and ftruncate(2).
  public OptionalLong size() {
    return has(SIZE) ? OptionalLong.of(sizeBytes) : OptionalLong.empty();
  }

  /// A time to set; not there also if it is to be the time of the file system's clock.
  public OptionalLong atime() {
    return has(ATIME) && !has(ATIME_NOW) ? OptionalLong.of(atimeNs) : OptionalLong.empty();
  }

  /// Whether the time of the last reading is to be now.
  public boolean atimeNow() {
    return has(ATIME_NOW);
  }

  /// A time to set; not there also if it is to be the time of the file system's clock.
  public OptionalLong mtime() {
    return has(MTIME) && !has(MTIME_NOW) ? OptionalLong.of(mtimeNs) : OptionalLong.empty();
  }

  /// Whether the time of the last writing is to be now.
  public boolean mtimeNow() {
    return has(MTIME_NOW);
  }

  /// Sent only by kernels that cache writes.
  public OptionalLong ctime() {
    return has(CTIME) ? OptionalLong.of(ctimeNs) : OptionalLong.empty();
  }

  /// The open file through which it is changed: ftruncate(2), and what follows an open with
  /// O_TRUNC.
  public OptionalLong handle() {
    return has(FH) ? OptionalLong.of(handleOrZero) : OptionalLong.empty();
  }

  public OptionalLong lockOwner() {
    return has(LOCKOWNER) ? OptionalLong.of(lockOwnerOrZero) : OptionalLong.empty();
  }

  /// Whether set-user-ID and set-group-ID are to be cleared, as on local disks.
  public boolean clearsSetId() {
    return has(KILL_SUIDGID);
  }
}
