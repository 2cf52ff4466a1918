package dev.potluck.peer;

import dev.potluck.directory.PeerId;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/// What this peer is fetching right now, and whom it caught sending what a hash disproves.
/// Thread-safe.
final class Transfers {
  private static final int DISTRUSTED_MAX = 1_000;

  private final AtomicInteger downloads = new AtomicInteger();
  private final AtomicLong corruptPieces = new AtomicLong();
  private final Map<PeerId, Distrusted> distrusted = new LinkedHashMap<>();

  /// A peer that sent wrong bytes.
  ///
  /// @param peer its name, as far as it is known
  /// @param pieces how often
  record Distrusted(String peer, String why, long pieces) {}

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
    synchronized (distrusted) {
      Distrusted before = distrusted.remove(peer);
      long pieces = before == null ? 1 : before.pieces + 1;
      distrusted.put(peer, new Distrusted(name, why, pieces));
      if (distrusted.size() > DISTRUSTED_MAX) {
        distrusted.remove(distrusted.keySet().iterator().next());
      }
    }
  }

  long corruptPieces() {
    return corruptPieces.get();
  }

  List<Distrusted> distrusted() {
    synchronized (distrusted) {
      return new ArrayList<>(distrusted.values());
    }
  }
}
