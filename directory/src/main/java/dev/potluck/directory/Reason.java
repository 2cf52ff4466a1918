package dev.potluck.directory;

/// Why a copy is on a peer. Only kept and placed copies count for a policy and keep a name alive.
public enum Reason {
  /// It came from the user of that machine; never evicted.
  KEPT,
  /// It was read through the mount; may be evicted.
  FETCHED,
  /// A policy put it there.
  PLACED
}
