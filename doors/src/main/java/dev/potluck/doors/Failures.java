package dev.potluck.doors;

import dev.potluck.content.ConflictException;
import dev.potluck.content.CorruptException;
import dev.potluck.content.DeniedException;
import dev.potluck.content.FailedException;
import dev.potluck.content.NoSuchNameException;
import dev.potluck.content.PotluckException;
import dev.potluck.content.UnavailableException;
import dev.potluck.content.UsageException;
import dev.potluck.fuse.Errno;
import dev.potluck.fuse.ErrnoException;
import dev.potluck.peer.BusyException;
import dev.potluck.peer.DiskFullException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;

/// What a failure of the peer is to a program: one place for the numbers.
final class Failures {
  private static final Logger LOG = System.getLogger(Failures.class.getName());

  private Failures() {}

  /// A program only sees the number; the log says why.
  static ErrnoException errno(String path, PotluckException failure) {
    log(path, failure);
    Errno errno =
        switch (failure) {
          case NoSuchNameException _ -> Errno.ENOENT;
          case DeniedException _ -> Errno.EACCES;
          case UsageException _ -> Errno.EINVAL;
          case UnavailableException _, CorruptException _, ConflictException _, FailedException _ ->
              Errno.EIO;
        };
    return new ErrnoException(errno, failure.getMessage());
  }

  /// The same of what changes something: a directory that is away makes it read-only.
  static ErrnoException errnoOfChange(String path, PotluckException failure) {
    log(path, failure);
    Errno errno =
        switch (failure) {
          case NoSuchNameException _ -> Errno.ENOENT;
          case DeniedException _ -> Errno.EACCES;
          case UsageException _ -> Errno.EINVAL;
          case ConflictException e when e.getCause() instanceof BusyException -> Errno.EBUSY;
          case ConflictException _ -> Errno.ESTALE;
          case UnavailableException _ -> Errno.EROFS;
          case FailedException e when e.getCause() instanceof DiskFullException -> Errno.ENOSPC;
          case CorruptException _, FailedException _ -> Errno.EIO;
        };
    return new ErrnoException(errno, failure.getMessage());
  }

  /// The same of a lock that is not had: a directory that is away has none to give.
  static ErrnoException errnoOfLock(String path, PotluckException failure) {
    return failure instanceof UnavailableException || failure instanceof ConflictException
        ? logged(path, Errno.ENOLCK, failure)
        : errno(path, failure);
  }

  private static ErrnoException logged(String path, Errno errno, PotluckException failure) {
    log(path, failure);
    return new ErrnoException(errno, failure.getMessage());
  }

  /// The same of what was written and could not be saved.
  static ErrnoException errnoOfSaving(String path, PotluckException failure) {
    return failure instanceof UnavailableException
        ? errno(path, failure)
        : errnoOfChange(path, failure);
  }

  private static void log(String path, PotluckException failure) {
    String why = String.valueOf(failure.getMessage());
    LOG.log(Level.INFO, "{0}", why.startsWith(path) ? why : path + ": " + why);
  }
}
