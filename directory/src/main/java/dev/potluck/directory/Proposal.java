package dev.potluck.directory;

/// A command that the host is to make durable, to apply, and to report back.
///
/// @param session on whose behalf; {@link #NO_SESSION} if on no session's
public record Proposal(int session, Command command) {
  public static final int NO_SESSION = 0;

  public static Proposal of(Command command) {
    return new Proposal(NO_SESSION, command);
  }
}
