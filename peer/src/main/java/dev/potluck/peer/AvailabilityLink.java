package dev.potluck.peer;

import dev.potluck.content.ContentId;
import dev.potluck.content.PieceSet;
import dev.potluck.directory.PeerId;
import dev.potluck.wire.AvailabilityHandler;
import dev.potluck.wire.AvailabilitySink;
import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// One open exchange about a content with one peer: what it says is said to the content's swarm.
/// Belongs to the exchange thread.
final class AvailabilityLink implements AvailabilityHandler {
  private final Swarms host;
  private final ContentId content;
  private final PeerId peer;
  private @Nullable AvailabilitySink sink;

  AvailabilityLink(Swarms host, ContentId content, PeerId peer) {
    this.host = host;
    this.content = content;
    this.peer = peer;
  }

  /// Gives the link its way to the peer, once.
  void opened(AvailabilitySink way) {
    sink = way;
  }

  /// The way to the peer, of a link that is open.
  AvailabilitySink sink() {
    return Objects.requireNonNull(sink, "a link is open before a swarm knows it");
  }

  private void said(Consumer<Swarm> what) {
    host.heard(content, what);
  }

  @Override
  public void available(PieceSet delta) {
    said(swarm -> swarm.available(peer, delta));
  }

  @Override
  public void accepted(boolean guided) {
    said(swarm -> swarm.accepted(peer, guided));
  }

  @Override
  public void suggested(List<Integer> pieces, boolean bound) {
    said(swarm -> swarm.suggested(peer, pieces, bound));
  }

  @Override
  public void declined(int piece, boolean coming) {
    said(swarm -> swarm.declined(peer, piece, coming));
  }

  @Override
  public void closed() {
    said(swarm -> swarm.unlinked(peer, this));
  }
}
