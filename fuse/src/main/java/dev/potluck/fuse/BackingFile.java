package dev.potluck.fuse;

import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicBoolean;

/// A regular file of a local file system that the kernel shall read and write itself
/// (`FUSE_PASSTHROUGH`, 7.40). The kernel keeps what it needs: once a file system has returned it
/// in an [Opened], this package closes it.
public final class BackingFile implements AutoCloseable {
  private final int descriptor;
  private final AtomicBoolean closed = new AtomicBoolean();

  private BackingFile(int descriptor) {
    this.descriptor = descriptor;
  }

  /// Opens a file for reading, or for both.
  ///
  /// @throws ErrnoException if it can't be opened
  public static BackingFile open(Path path, boolean writable) throws ErrnoException {
    int flags = (writable ? OpenFlags.READ_WRITE : OpenFlags.READ_ONLY) | Libc.O_CLOEXEC;
    return new BackingFile(Libc.open(path.toString(), flags));
  }

  /// A file that is open already; its descriptor belongs to the new object from here on.
  public static BackingFile of(int descriptor) {
    return new BackingFile(descriptor);
  }

  int descriptor() {
    return descriptor;
  }

  @Override
  public void close() {
    if (closed.compareAndSet(false, true)) {
      Libc.close(descriptor);
    }
  }
}
