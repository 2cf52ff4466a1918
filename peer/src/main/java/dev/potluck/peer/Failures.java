package dev.potluck.peer;

import dev.potluck.content.ConflictException;
import dev.potluck.content.CorruptException;
import dev.potluck.content.DeniedException;
import dev.potluck.content.FailedException;
import dev.potluck.content.Name;
import dev.potluck.content.NoSuchNameException;
import dev.potluck.content.PotluckException;
import dev.potluck.content.UnavailableException;
import dev.potluck.content.UsageException;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;

/// What a failure of the share's disk is to a user: one place for the words.
final class Failures {
  private Failures() {}

  /// The same failure, saying which name it is about.
  static PotluckException named(Name name, PotluckException failure) {
    String why = failure.getMessage();
    if (why.contains(name.value())) {
      return failure;
    }
    String message = name + ": " + why;
    return switch (failure) {
      case UsageException e -> new UsageException(message, e);
      case NoSuchNameException e -> new NoSuchNameException(message, e);
      case UnavailableException e -> new UnavailableException(message, e);
      case ConflictException e -> new ConflictException(message, e);
      case DeniedException e -> new DeniedException(message, e);
      case CorruptException e -> new CorruptException(message, e);
      case FailedException e -> new FailedException(message, e);
    };
  }

  /// @param what the sentence's beginning, such as "can't store report.pdf"
  static PotluckException of(String what, IOException e) {
    return switch (e) {
      case Errno.NoSpaceException full ->
          new FailedException(what + ": the disk is full; make room and try again", full);
      case Errno.IsFolderException folder ->
          new ConflictException(
              what + ": " + folder.getFile() + " is a folder here; rename or remove it");
      case Errno.SymlinkInPathException link ->
          new ConflictException(
              what + ": a symlink is in the way: " + link.getFile() + "; rename or remove it",
              link);
      case OvertakenException newer ->
          new ConflictException(what + ": " + ShareWalk.why(newer), newer);
      case NotDirectoryException file ->
          new ConflictException(
              what + ": a file lies where a folder is needed: " + file.getFile() + "; rename it");
      case FileAlreadyExistsException exists ->
          new ConflictException(what + ": " + exists.getFile() + " exists; rename or remove it");
      case AccessDeniedException denied ->
          new FailedException(
              what + ": permission denied for " + denied.getFile() + "; see who owns it", denied);
      case NoSuchFileException gone ->
          new FailedException(what + ": " + gone.getFile() + " is not there", gone);
      default -> new FailedException(what + ": " + ShareWalk.why(e), e);
    };
  }
}
