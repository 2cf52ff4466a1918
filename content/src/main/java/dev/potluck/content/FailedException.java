package dev.potluck.content;

/// The operation failed on this machine: a full disk, a file that cannot be read, a broken state.
public final class FailedException extends PotluckException {
  private static final long serialVersionUID = 1L;

  public FailedException(String message) {
    super(message);
  }

  public FailedException(String message, Throwable cause) {
    super(message, cause);
  }
}
