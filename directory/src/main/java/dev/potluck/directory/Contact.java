package dev.potluck.directory;

/// How far a peer had followed a directory when they were last in touch, and the directory had
/// judged all that the peer holds: of what was deleted later it may not have heard.
///
/// @param incarnation of that directory, 0 for none
public record Contact(long incarnation, long revision) {
  /// Of who never was in a party.
  public static final Contact NONE = new Contact(0, 0);
}
