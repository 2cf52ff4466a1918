package dev.potluck.directory;

/// Why a copy is on a peer.
public enum Reason {
  /// It came from the user of that machine; never evicted.
  KEPT,
  /// It was read through the mount or followed a newer version; may be evicted.
  FETCHED,
  /// Durability policy put it there.
  PLACED
}
