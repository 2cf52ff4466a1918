package dev.potluck.content;

/// What is needed cannot be reached now; the same call may succeed later.
public final class UnavailableException extends PotluckException {
  private static final long serialVersionUID = 1L;

  public UnavailableException(String message) {
    super(message);
  }

  public UnavailableException(String message, Throwable cause) {
    super(message, cause);
  }
}
