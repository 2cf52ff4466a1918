package dev.potluck.peer;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;

/// Linux error numbers as exceptions, in one place.
final class Errno {
  static final int EPERM = 1;
  static final int ENOENT = 2;
  static final int EINTR = 4;
  static final int EACCES = 13;
  static final int EEXIST = 17;
  static final int EXDEV = 18;
  static final int ENOTDIR = 20;
  static final int EISDIR = 21;
  static final int EINVAL = 22;
  static final int EMFILE = 24;
  static final int ENOSPC = 28;
  static final int EROFS = 30;
  static final int ENAMETOOLONG = 36;
  static final int ENOSYS = 38;
  static final int ENOTEMPTY = 39;
  static final int ELOOP = 40;
  static final int EOPNOTSUPP = 95;
  static final int EDQUOT = 122;

  private Errno() {}

  static IOException exception(int errno, String operation, String path) {
    return switch (errno) {
      case ENOENT -> new NoSuchFileException(path);
      case EEXIST -> new FileAlreadyExistsException(path);
      case EACCES, EPERM -> new AccessDeniedException(path, null, "permission denied");
      case ENOTDIR -> new NotDirectoryException(path);
      case ENOTEMPTY -> new DirectoryNotEmptyException(path);
      case ENOSPC, EDQUOT -> new NoSpaceException(path);
      case ELOOP -> new SymlinkInPathException(path);
      case EISDIR -> new IsFolderException(path);
      case EINVAL, EOPNOTSUPP, ENOSYS -> new UnsupportedException(path, operation);
      case EXDEV -> new OtherFileSystemException(path);
      case EROFS -> new FileSystemException(path, null, "the file system is read-only");
      case ENAMETOOLONG -> new FileSystemException(path, null, "name too long");
      case EMFILE ->
          new FileSystemException(path, null, "too many open files (raise the limit: ulimit -n)");
      default -> new FileSystemException(path, null, operation + " failed, errno " + errno);
    };
  }

  /// The disk, or the user's quota on it, is full.
  static final class NoSpaceException extends DiskFullException {
    private static final long serialVersionUID = 1L;

    NoSpaceException(String path) {
      super(path);
    }
  }

  /// A component of the path is a symlink, which is never followed.
  static final class SymlinkInPathException extends FileSystemException {
    private static final long serialVersionUID = 1L;

    SymlinkInPathException(String path) {
      super(path, null, "a symlink is in the way");
    }
  }

  /// What is to be moved, and where it is to go, are on two file systems.
  static final class OtherFileSystemException extends FileSystemException {
    private static final long serialVersionUID = 1L;

    OtherFileSystemException(String path) {
      super(path, null, "lies on another file system");
    }
  }

  /// There is a folder where a file was expected.
  static final class IsFolderException extends FileSystemException {
    private static final long serialVersionUID = 1L;

    IsFolderException(String path) {
      super(path, null, "is a folder");
    }
  }

  /// This kernel or file system lacks the operation; callers fall back where they can.
  static final class UnsupportedException extends FileSystemException {
    private static final long serialVersionUID = 1L;

    UnsupportedException(String path, String operation) {
      super(path, null, "the kernel or file system does not support " + operation + " here");
    }
  }
}
