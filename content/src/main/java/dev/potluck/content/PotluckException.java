package dev.potluck.content;

import java.util.Objects;

/// An error a user can act on: its message says what failed, which name or peer, and what to do
/// next. One subclass per decision a caller can make; the exit status, gRPC status and HTTP status
/// of each are mapped in one place of the module that speaks them.
public abstract sealed class PotluckException extends RuntimeException
    permits ConflictException,
        CorruptException,
        DeniedException,
        FailedException,
        NoSuchNameException,
        UnavailableException,
        UsageException {
  private static final long serialVersionUID = 1L;

  PotluckException(String message) {
    super(message);
  }

  PotluckException(String message, Throwable cause) {
    super(message, cause);
  }

  /// What to tell the user; always there.
  @Override
  public String getMessage() {
    return Objects.requireNonNull(super.getMessage(), "made with a message");
  }
}
