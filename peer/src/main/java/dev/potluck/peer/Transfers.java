package dev.potluck.peer;

import dev.potluck.directory.PeerId;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/// What this peer is fetching right now, and whom it caught sending what a hash disproves.
/// Thread-safe.
final class Transfers {
  private final AtomicInteger downloads = new AtomicInteger();
  private final AtomicLong corruptPieces = new AtomicLong();
  private final Distrust distrust = new Distrust();

  /// A running transfer; closing it ends the count.
  interface Running extends AutoCloseable {
    @Override
    void close();
  }

  Running download() {
    downloads.incrementAndGet();
    return downloads::decrementAndGet;
  }

  int downloads() {
    return downloads.get();
  }

  void corrupt(PeerId peer, String name, String why) {
    corruptPieces.incrementAndGet();
    distrust.note(peer, name, why);
  }

  long corruptPieces() {
    return corruptPieces.get();
  }

  List<Distrust.Distrusted> distrusted() {
    return distrust.peers();
  }
}
