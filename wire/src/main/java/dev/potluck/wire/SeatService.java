package dev.potluck.wire;

import dev.potluck.directory.PeerId;

/// What a machine does for those it keeps the directory with. Each method is called on a virtual
/// thread of its own. May throw a {@link dev.potluck.content.PotluckException}, which reaches the
/// caller.
public interface SeatService {
  /// Answers a message of the log's engine.
  ///
  /// @param kind which, as the engine's adapter numbers them
  /// @throws dev.potluck.content.UnavailableException if this machine has no seat, or can't answer
  byte[] say(PeerId caller, int kind, byte[] body);

  /// Takes the seat that is offered; returns when the log can be filled.
  void take(PeerId caller, SeatOffer offer);

  /// Keeps a copy of the party's authority: this machine may have to begin the directory anew.
  void keep(PeerId caller, AuthorityCopy authority);
}
