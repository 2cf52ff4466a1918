package dev.potluck.fuse;

import java.io.IOException;

/// An error that has a number: thrown by a [FileSystem] to answer a request with it, and by this
/// package when a system call fails. It has no stack trace, since a file system throws it for every
/// name that is not there.
public final class ErrnoException extends IOException {
  private static final long serialVersionUID = 1L;

  private final int errno;

  public ErrnoException(Errno errno) {
    this(errno.number(), errno.text());
  }

  public ErrnoException(Errno errno, String message) {
    this(errno.number(), message);
  }

  ErrnoException(int errno, String message) {
    super(message);
    this.errno = errno;
  }

  /// A system call that failed: what was done, to what, and what the kernel says.
  static ErrnoException of(String what, int errno) {
    return new ErrnoException(errno, what + ": " + Errno.describe(errno));
  }

  /// The number, above 0.
  public int errno() {
    return errno;
  }

  boolean is(Errno other) {
    return errno == other.number();
  }

  @Override
  @SuppressWarnings("UnsynchronizedOverridesSynchronized") // there is nothing to fill in
  public Throwable fillInStackTrace() {
    return this;
  }
}
