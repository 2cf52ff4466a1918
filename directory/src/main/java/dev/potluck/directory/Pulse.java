package dev.potluck.directory;

/// The answer to a heartbeat.
public enum Pulse {
  /// The lease is extended.
  FINE,
  /// The lease is extended, but the digests differ: announce in full.
  SEND_ALL,
  /// There is no such session any more: say hello again.
  ENDED
}
