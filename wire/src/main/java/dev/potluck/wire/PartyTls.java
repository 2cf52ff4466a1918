package dev.potluck.wire;

import dev.potluck.directory.PeerId;
import java.time.InstantSource;
import java.util.function.Predicate;

/// What decides at every handshake who may talk to this machine.
@SuppressWarnings({"DoNotCallSuggester", "resource"})
public final class PartyTls {
  /// For a closed party: who has a certificate of the identity's authority, for the key it is
  /// connecting with, and is not on the deny list.
  ///
  /// @throws IllegalStateException if the identity has no credential yet
  public static PartyTls closed(Identity identity, Predicate<PeerId> denied, InstantSource clock) {
    throw new UnsupportedOperationException();
  }

  /// For an open party: anyone; encryption without authentication, but an id is still that of the
  /// key.
  public static PartyTls open(Identity identity, Predicate<PeerId> denied, InstantSource clock) {
    throw new UnsupportedOperationException();
  }

  public PeerId self() {
    throw new UnsupportedOperationException();
  }

  public boolean isOpen() {
    throw new UnsupportedOperationException();
  }
}
