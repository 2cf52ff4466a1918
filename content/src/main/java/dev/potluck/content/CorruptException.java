package dev.potluck.content;

/// Every copy that could be reached is damaged; nothing was written under the name.
public final class CorruptException extends PotluckException {
  private static final long serialVersionUID = 1L;

  public CorruptException(String message) {
    super(message);
  }

  public CorruptException(String message, Throwable cause) {
    super(message, cause);
  }
}
