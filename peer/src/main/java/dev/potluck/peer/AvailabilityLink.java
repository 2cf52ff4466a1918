package dev.potluck.peer;

import dev.potluck.content.ContentId;
import dev.potluck.content.PieceSet;
import dev.potluck.directory.PeerId;
import dev.potluck.wire.AvailabilityHandler;
import dev.potluck.wire.AvailabilitySink;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/// One open exchange about a content with one peer: what it says is handed to the exchange thread,
/// in order, and not before the swarm knows the link.
final class AvailabilityLink implements AvailabilityHandler {
  private final Swarms host;
  private final ContentId content;
  private final PeerId peer;
  private final CompletableFuture<AvailabilitySink> sink = new CompletableFuture<>();

  AvailabilityLink(Swarms host, ContentId content, PeerId peer) {
    this.host = host;
    this.content = content;
    this.peer = peer;
  }

  ContentId content() {
    return content;
  }

  PeerId peer() {
    return peer;
  }

  /// Gives the link its way to the peer, once; `linked` must have been handed over before.
  void open(AvailabilitySink opened) {
    sink.complete(opened);
  }

  /// Waits until the link is open.
  AvailabilitySink sink() {
    return sink.join();
  }

  @Override
  public void available(PieceSet delta) {
    sink();
    host.onSwarm(content, swarm -> swarm.available(peer, delta));
  }

  @Override
  public void accepted(boolean guided) {
    sink();
    host.onSwarm(content, swarm -> swarm.accepted(peer, guided));
  }

  @Override
  public void suggested(List<Integer> pieces, boolean bound) {
    sink();
    host.onSwarm(content, swarm -> swarm.suggested(peer, pieces, bound));
  }

  @Override
  public void declined(int piece, boolean coming) {
    sink();
    host.onSwarm(content, swarm -> swarm.declined(peer, piece, coming));
  }

  @Override
  public void closed() {
    host.onSwarm(content, swarm -> swarm.unlinked(peer, this));
  }
}
