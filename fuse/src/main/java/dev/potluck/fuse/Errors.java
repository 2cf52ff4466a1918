package dev.potluck.fuse;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.net.SocketTimeoutException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemLoopException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.NotLinkException;
import java.nio.file.ReadOnlyFileSystemException;

/// What a file system throws becomes errno here and nowhere else.
final class Errors {
  private static final Logger LOG = System.getLogger(Errors.class.getName());

  private Errors() {}

  /// The number to answer with. What is not meant to be thrown is EIO, and a line in the log.
  static int errno(Throwable thrown, InHeader header) {
    return switch (thrown) {
      case ErrnoException e -> e.errno();
      case IOException e -> errno(e).number();
      case InterruptedException _ -> Errno.EINTR.number();
      case ReadOnlyFileSystemException _ -> Errno.EROFS.number();
      case UnsupportedOperationException _ -> Errno.EOPNOTSUPP.number();
      case OutOfMemoryError e -> {
        LOG.log(Level.ERROR, "out of memory in " + describe(header), e);
        yield Errno.ENOMEM.number();
      }
      default -> {
        LOG.log(Level.ERROR, "the file system failed in " + describe(header), thrown);
        yield Errno.EIO.number();
      }
    };
  }

  private static Errno errno(IOException thrown) {
    return switch (thrown) {
      case NoSuchFileException _ -> Errno.ENOENT;
      case FileNotFoundException _ -> Errno.ENOENT;
      case FileAlreadyExistsException _ -> Errno.EEXIST;
      case AccessDeniedException _ -> Errno.EACCES;
      case DirectoryNotEmptyException _ -> Errno.ENOTEMPTY;
      case NotDirectoryException _ -> Errno.ENOTDIR;
      case NotLinkException _ -> Errno.EINVAL;
      case FileSystemLoopException _ -> Errno.ELOOP;
      case SocketTimeoutException _ -> Errno.ETIMEDOUT;
      case InterruptedIOException _ -> Errno.EINTR;
      case ClosedByInterruptException _ -> Errno.EINTR;
      default -> {
        LOG.log(Level.DEBUG, "answered with EIO", thrown);
        yield Errno.EIO;
      }
    };
  }

  private static String describe(InHeader header) {
    Opcode opcode = Opcode.of(header.opcode());
    return (opcode == null ? "operation " + header.opcode() : opcode)
        + " of node "
        + header.nodeid();
  }
}
