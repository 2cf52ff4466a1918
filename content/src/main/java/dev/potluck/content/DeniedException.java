package dev.potluck.content;

/// The caller is not a member, was expelled, or may not do this.
public final class DeniedException extends PotluckException {
  private static final long serialVersionUID = 1L;

  public DeniedException(String message) {
    super(message);
  }

  public DeniedException(String message, Throwable cause) {
    super(message, cause);
  }
}
