package dev.potluck.wire;

import dev.potluck.directory.Endpoint;
import dev.potluck.directory.PeerId;
import java.io.IOException;

/// The control port: gRPC over mutual TLS.
@SuppressWarnings({"DoNotCallSuggester", "resource"})
public final class WireServer implements AutoCloseable {
  /// Listens at once.
  ///
  /// @param listen host and port; port 0 takes any free one
  public static WireServer start(
      WireThreads threads,
      PartyTls tls,
      Endpoint listen,
      DirectoryService directory,
      PeerService peer)
      throws IOException {
    throw new UnsupportedOperationException();
  }

  public int port() {
    throw new UnsupportedOperationException();
  }

  /// Closes all connections of a peer.
  public void disconnect(PeerId peer) {
    throw new UnsupportedOperationException();
  }

  @Override
  public void close() {
    throw new UnsupportedOperationException();
  }
}
