package dev.potluck.content;

/// The name is not known in the party.
public final class NoSuchNameException extends PotluckException {
  private static final long serialVersionUID = 1L;

  public NoSuchNameException(String message) {
    super(message);
  }

  public NoSuchNameException(String message, Throwable cause) {
    super(message, cause);
  }
}
