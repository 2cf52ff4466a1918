package dev.potluck.wire;

import dev.potluck.directory.Endpoint;
import dev.potluck.directory.PeerId;
import java.io.IOException;

/// The bulk port: content over HTTP/1.1 with Range, over mutual TLS.
@SuppressWarnings({"DoNotCallSuggester", "resource"})
public final class BulkServer implements AutoCloseable {
  /// Listens at once.
  ///
  /// @param listen host and port; port 0 takes any free one
  public static BulkServer start(
      WireThreads threads, PartyTls tls, Endpoint listen, BulkSource source) throws IOException {
    throw new UnsupportedOperationException();
  }

  public int port() {
    throw new UnsupportedOperationException();
  }

  /// Answers being sent now: this peer's uploads.
  public int activeTransfers() {
    throw new UnsupportedOperationException();
  }

  /// Bytes of content sent since the start.
  public long sentBytes() {
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
