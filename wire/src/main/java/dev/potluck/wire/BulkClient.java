package dev.potluck.wire;

import dev.potluck.content.ContentId;
import dev.potluck.directory.Endpoint;
import dev.potluck.directory.PeerId;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/// Fetches content from other peers over a few kept connections each. Nothing it hands on is
/// verified. Any thread; calls return at once.
@SuppressWarnings({"DoNotCallSuggester", "resource"})
public final class BulkClient implements AutoCloseable {
  public BulkClient(WireThreads threads, PartyTls tls) {
    throw new UnsupportedOperationException();
  }

  /// Fetches a range of a content.
  ///
  /// @param expected whom to talk to: anyone else at that address is refused
  public Transfer fetch(
      Endpoint holder,
      PeerId expected,
      ContentId content,
      long offset,
      long lengthBytes,
      BulkSink sink) {
    throw new UnsupportedOperationException();
  }

  /// Fetches the hashes of a content's pieces.
  public CompletableFuture<LayerOutcome> layer(
      Endpoint holder, PeerId expected, ContentId content) {
    throw new UnsupportedOperationException();
  }

  /// Fetches several small contents in one round trip.
  ///
  /// @param contents at most {@link WireLimits#BATCH_IDS}, together at most {@link
  ///   WireLimits#BATCH_BYTES}
  public Transfer batch(
      Endpoint holder, PeerId expected, List<ContentId> contents, BatchSink sink) {
    throw new UnsupportedOperationException();
  }

  /// Closes all connections to a peer; its transfers end as lost.
  public void disconnect(PeerId peer) {
    throw new UnsupportedOperationException();
  }

  @Override
  public void close() {
    throw new UnsupportedOperationException();
  }
}
