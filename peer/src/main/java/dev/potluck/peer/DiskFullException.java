package dev.potluck.peer;

import java.nio.file.FileSystemException;

/// A disk, or the user's quota on it, is full.
public sealed class DiskFullException extends FileSystemException permits Errno.NoSpaceException {
  private static final long serialVersionUID = 1L;

  DiskFullException(String path) {
    super(path, null, "no space left on the disk");
  }
}
