package dev.potluck.directory;

import dev.potluck.content.ConflictException;
import dev.potluck.content.DeniedException;
import dev.potluck.content.NoSuchNameException;
import dev.potluck.content.PotluckException;
import dev.potluck.content.UsageException;

/// Why a command was refused, by what the caller can do about it.
public enum Refusal {
  USAGE,
  NO_SUCH_NAME,
  CONFLICT,
  DENIED,
  /// Another peer has the lock, or the one that was written under is over.
  LOCKED;

  /// The exception that a caller gets.
  public PotluckException exception(String why) {
    return switch (this) {
      case USAGE -> new UsageException(why);
      case NO_SUCH_NAME -> new NoSuchNameException(why);
      case CONFLICT, LOCKED -> new ConflictException(why);
      case DENIED -> new DeniedException(why);
    };
  }
}
