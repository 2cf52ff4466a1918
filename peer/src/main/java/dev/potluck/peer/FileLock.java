package dev.potluck.peer;

import dev.potluck.directory.LockMode;

/// A lock that a program has on a range of bytes of a file.
///
/// @param owner who has it, as the kernel says: an open file (flock, open file description locks)
///   or a process (fcntl)
/// @param handle the open file through which it was taken
/// @param first its first byte
/// @param last its last byte; `Long.MAX_VALUE`: to the end, wherever that is
/// @param pid the process, for whoever asks; 0 if it is of another machine
public record FileLock(long owner, long handle, long first, long last, LockMode mode, int pid) {
  public FileLock {
    if (first < 0 || first > last) {
      throw new IllegalArgumentException("bytes " + first + " to " + last);
    }
  }

  boolean overlaps(long from, long to) {
    return first <= to && from <= last;
  }

  /// Whether both cannot be had at once.
  boolean conflictsWith(FileLock other) {
    return owner != other.owner
        && overlaps(other.first, other.last)
        && mode.conflictsWith(other.mode);
  }

  FileLock withRange(long from, long to) {
    return new FileLock(owner, handle, from, to, mode, pid);
  }

  /// Whether both are one lock, but for their ranges.
  boolean isAlike(FileLock other) {
    return owner == other.owner && handle == other.handle && mode == other.mode;
  }
}
