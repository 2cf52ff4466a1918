package dev.potluck.content;

/// The caller's words are wrong: a malformed name, option or file. Nothing was done.
public final class UsageException extends PotluckException {
  private static final long serialVersionUID = 1L;

  public UsageException(String message) {
    super(message);
  }

  public UsageException(String message, Throwable cause) {
    super(message, cause);
  }
}
