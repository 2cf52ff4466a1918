package dev.potluck.directory;

/// How the directory sees a member.
public enum MemberState {
  /// Its lease runs.
  ALIVE,
  /// Its lease is over, or it was not heard of since the directory started.
  SUSPECT,
  /// The members agreed that it is gone.
  DEAD,
  /// It left or was expelled, and is not let in again.
  LEFT
}
