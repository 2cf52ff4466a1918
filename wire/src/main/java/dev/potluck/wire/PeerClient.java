package dev.potluck.wire;

import dev.potluck.content.ContentId;
import dev.potluck.directory.Endpoint;
import dev.potluck.directory.Load;
import dev.potluck.directory.PeerId;
import java.time.Duration;
import java.util.BitSet;
import java.util.List;

/// The caller's side of {@link PeerService}: one kept connection a peer, closed when idle. Any
/// thread; calls block, with a deadline, and throw a {@link dev.potluck.content.PotluckException}.
@SuppressWarnings({"DoNotCallSuggester", "resource"})
public final class PeerClient implements AutoCloseable {
  public PeerClient(WireThreads threads, PartyTls tls) {
    throw new UnsupportedOperationException();
  }

  public Load load(Endpoint control, PeerId expected, Duration timeout) {
    throw new UnsupportedOperationException();
  }

  /// Asks whoever of the party is at that address.
  public Load load(Endpoint control, Duration timeout) {
    throw new UnsupportedOperationException();
  }

  /// Who is at that address: the id its connection proved.
  ///
  /// @throws dev.potluck.content.UnavailableException if nobody answers
  public PeerId probe(Endpoint control, Duration timeout) {
    throw new UnsupportedOperationException();
  }

  public BitSet locate(
      Endpoint control, PeerId expected, List<ContentId> contents, Duration timeout) {
    throw new UnsupportedOperationException();
  }

  /// Opens an exchange about who has which pieces; it ends with the handler's `closed`.
  public AvailabilitySink availability(
      Endpoint control, PeerId expected, ContentId content, AvailabilityHandler handler) {
    throw new UnsupportedOperationException();
  }

  /// Closes all connections to a peer.
  public void disconnect(PeerId peer) {
    throw new UnsupportedOperationException();
  }

  @Override
  public void close() {
    throw new UnsupportedOperationException();
  }
}
