package dev.potluck.wire;

import dev.potluck.directory.Announcement;

/// The directory's end of one peer's session. Called by one virtual thread at a time, in the order
/// the peer sent; the next message is read only when the call returns, so a slow handler slows the
/// peer and not the memory.
public interface SessionHandler {
  void announce(Announcement announcement);

  /// The transport answers a heartbeat by itself once this returns.
  void heartbeat(Heartbeat heartbeat);

  /// The peer still needs a lock that others want.
  void lockInUse(long token);

  /// The peer sent what breaks the protocol, and is cut off for it: `closed` follows.
  void violated(String why);

  /// The session is over, by whatever end; the last call.
  void closed();
}
