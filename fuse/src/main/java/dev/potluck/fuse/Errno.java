package dev.potluck.fuse;

/// Error numbers of Linux, the same on x86-64 and AArch64 (`asm-generic/errno.h`).
public enum Errno {
  /// Operation not permitted.
  EPERM(1, "operation not permitted"),
  /// No such file or directory.
  ENOENT(2, "no such file or directory"),
  /// Interrupted.
  EINTR(4, "interrupted"),
  /// Input/output error.
  EIO(5, "input/output error"),
  /// No such address; for SEEK_DATA: nothing but a hole from here on.
  ENXIO(6, "no such address"),
  /// Too long.
  E2BIG(7, "too long"),
  /// Bad file descriptor.
  EBADF(9, "bad file descriptor"),
  /// Try again; for a lock: somebody else has it.
  EAGAIN(11, "try again"),
  /// Out of memory.
  ENOMEM(12, "out of memory"),
  /// Permission denied.
  EACCES(13, "permission denied"),
  /// Busy.
  EBUSY(16, "busy"),
  /// Exists already.
  EEXIST(17, "exists already"),
  /// On another file system.
  EXDEV(18, "on another file system"),
  /// No such device; on /dev/fuse: unmounted.
  ENODEV(19, "no such device"),
  /// Not a directory.
  ENOTDIR(20, "not a directory"),
  /// A directory.
  EISDIR(21, "a directory"),
  /// Invalid argument.
  EINVAL(22, "invalid argument"),
  /// No such ioctl here.
  ENOTTY(25, "no such ioctl here"),
  /// Text file busy.
  ETXTBSY(26, "text file busy"),
  /// File too large.
  EFBIG(27, "file too large"),
  /// No space left.
  ENOSPC(28, "no space left"),
  /// Read-only file system.
  EROFS(30, "read-only file system"),
  /// Too many links.
  EMLINK(31, "too many links"),
  /// The buffer is too small.
  ERANGE(34, "the buffer is too small"),
  /// Would deadlock.
  EDEADLK(35, "would deadlock"),
  /// Name too long.
  ENAMETOOLONG(36, "name too long"),
  /// No locks left.
  ENOLCK(37, "no locks left"),
  /// Not implemented; the kernel remembers it for most operations and asks no more.
  ENOSYS(38, "not implemented"),
  /// Directory not empty.
  ENOTEMPTY(39, "directory not empty"),
  /// Too many symlinks.
  ELOOP(40, "too many symlinks"),
  /// No such extended attribute.
  ENODATA(61, "no such extended attribute"),
  /// Value too large.
  EOVERFLOW(75, "value too large"),
  /// Not UTF-8.
  EILSEQ(84, "not UTF-8"),
  /// Not supported.
  EOPNOTSUPP(95, "not supported"),
  /// On /dev/fuse: the connection was aborted.
  ECONNABORTED(103, "on /dev/fuse: the connection was aborted"),
  /// The process behind the mount is gone.
  ENOTCONN(107, "the process behind the mount is gone"),
  /// Timed out.
  ETIMEDOUT(110, "timed out"),
  /// Stale file handle.
  ESTALE(116, "stale file handle"),
  /// Quota exceeded.
  EDQUOT(122, "quota exceeded");

  private final int number;
  private final String text;

  Errno(int number, String text) {
    this.number = number;
    this.text = text;
  }

  /// The number, above 0.
  public int number() {
    return number;
  }

  /// What it means, for messages.
  String text() {
    return text;
  }

  /// A number with its name and meaning, for messages.
  static String describe(int number) {
    for (Errno errno : values()) {
      if (errno.number == number) {
        return errno.text + " (" + errno.name() + ")";
      }
    }
    return "error " + number;
  }
}
