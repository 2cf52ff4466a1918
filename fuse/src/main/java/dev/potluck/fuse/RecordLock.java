package dev.potluck.fuse;

/// A lock of fcntl(2) on a range of bytes, or of flock(2) on a whole file.
///
/// @param start its first byte
/// @param end its last byte; [Long#MAX_VALUE]: to the end, however the file grows
/// @param pid the process, as the mount's readers see it; 0 if it is not one of this machine
public record RecordLock(long start, long end, Type type, int pid) {
  /// What a lock lets others do. The numbers are `F_RDLCK`, `F_WRLCK` and `F_UNLCK`.
  public enum Type {
    SHARED,
    EXCLUSIVE,
    UNLOCKED
  }

  static RecordLock of(LkIn in) throws ErrnoException {
    if (in.type() < 0 || in.type() > 2) {
      throw new ErrnoException(Errno.EINVAL);
    }
    Type type =
        switch (in.type()) {
          case 0 -> Type.SHARED;
          case 1 -> Type.EXCLUSIVE;
          default -> Type.UNLOCKED;
        };
    return new RecordLock(in.start(), in.end(), type, in.pid());
  }

  FileLockOut toOut() {
    int number =
        switch (type) {
          case SHARED -> 0;
          case EXCLUSIVE -> 1;
          case UNLOCKED -> 2;
        };
    return new FileLockOut(start, end, number, pid);
  }
}
