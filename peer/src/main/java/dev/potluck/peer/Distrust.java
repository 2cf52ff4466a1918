package dev.potluck.peer;

import dev.potluck.directory.PeerId;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Whom this machine caught sending what cannot be true, and how often. Bounded; thread-safe.
final class Distrust {
  private static final int PEERS_MAX = 1_000;
  private static final int WHY_MAX = 300;

  private final Map<PeerId, Distrusted> peers = new LinkedHashMap<>();

  /// A peer that was caught.
  ///
  /// @param peer its name, as far as it is known
  /// @param why the last time
  /// @param pieces how often
  record Distrusted(String peer, String why, long pieces) {}

  synchronized void note(PeerId peer, String name, String why) {
    Distrusted before = peers.remove(peer);
    long pieces = before == null ? 1 : before.pieces + 1;
    String shown = why.length() > WHY_MAX ? why.substring(0, WHY_MAX) + "…" : why;
    peers.put(peer, new Distrusted(name, shown, pieces));
    if (peers.size() > PEERS_MAX) {
      peers.remove(peers.keySet().iterator().next());
    }
  }

  synchronized List<Distrusted> peers() {
    return new ArrayList<>(peers.values());
  }
}
