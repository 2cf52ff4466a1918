package dev.potluck.content;

/// Somebody else was first: the name exists, is locked, or was changed. Asking again without
/// another decision fails again.
public final class ConflictException extends PotluckException {
  private static final long serialVersionUID = 1L;

  public ConflictException(String message) {
    super(message);
  }

  public ConflictException(String message, Throwable cause) {
    super(message, cause);
  }
}
