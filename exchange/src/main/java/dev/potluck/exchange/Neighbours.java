package dev.potluck.exchange;

import dev.potluck.content.Pieces;
import dev.potluck.directory.PeerId;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/// The peers a download works with, out of those it knows of: a bounded number, chosen by the
/// selector's cost with a little chance, so that a crowd forms a random graph instead of a star.
final class Neighbours {
  /// How many this side connects to; others connect to us. With fewer, the last of a thousand waits
  /// longer; with more, each spends more on telling all of them what it has.
  static final int INITIATED_MAX = 16;

  static final int CANDIDATES_MAX = 2_000;
  private static final long RETRY_NANOS = 500_000_000L;
  private static final int RETRY_DOUBLINGS_MAX = 5;

  private final Pieces pieces;
  private final Selector selector;
  private final Estimates estimates;
  private final RandomGenerator random;

  private final Map<PeerId, Known> known = new LinkedHashMap<>();
  private final Map<PeerId, Holding> active = new LinkedHashMap<>();
  private final Set<PeerId> pending = new HashSet<>();
  private final Set<PeerId> banned = new HashSet<>();

  /// A candidate that is not in use.
  private record Known(boolean whole, int failures, long notBeforeNanos) {}

  Neighbours(Pieces pieces, Selector selector, Estimates estimates, RandomGenerator random) {
    this.pieces = pieces;
    this.selector = selector;
    this.estimates = estimates;
    this.random = random;
  }

  void found(List<Candidate> holders, long nowNanos) {
    for (Candidate holder : holders) {
      PeerId peer = holder.peer();
      if (active.containsKey(peer) || banned.contains(peer)) {
        continue;
      }
      Known before = known.get(peer);
      if (before != null) {
        known.put(peer, new Known(holder.whole(), before.failures, before.notBeforeNanos));
      } else if (known.size() < CANDIDATES_MAX) {
        known.put(peer, new Known(holder.whole(), 0, nowNanos));
      }
    }
  }

  /// Peers to connect to now, noted as pending.
  List<PeerId> connect(long nowNanos) {
    List<PeerId> chosen = new ArrayList<>();
    int most = Math.min(INITIATED_MAX, selector.holdersMax());
    while (active.size() + pending.size() < most) {
      PeerId best = cheapest(nowNanos);
      if (best == null) {
        break;
      }
      pending.add(best);
      chosen.add(best);
    }
    return chosen;
  }

  private @Nullable PeerId cheapest(long nowNanos) {
    PeerId best = null;
    double least = Double.POSITIVE_INFINITY;
    for (Map.Entry<PeerId, Known> entry : known.entrySet()) {
      Known candidate = entry.getValue();
      if (pending.contains(entry.getKey()) || nowNanos < candidate.notBeforeNanos) {
        continue;
      }
      double chance = selector.holdersMax() == 1 ? 0 : 1e-3 * random.nextDouble();
      double cost =
          selector.cost(estimates.of(entry.getKey()), pieces.pieceLength())
                  * (1 + candidate.failures)
              + chance;
      if (cost < least) {
        least = cost;
        best = entry.getKey();
      }
    }
    return best;
  }

  /// @return null if the peer is not to be used: banned, or a classic download has its one holder
  @Nullable Holding subscribed(PeerId peer, boolean whole, long nowNanos) {
    boolean asked = pending.remove(peer);
    if (banned.contains(peer) || (!asked && isServed())) {
      return null;
    }
    known.remove(peer);
    Holding old = active.get(peer);
    if (old != null && old.whole == whole) {
      return old;
    }
    Holding holding = new Holding(peer, whole, pieces, nowNanos);
    active.put(peer, holding);
    return holding;
  }

  /// Whether nobody is taken who was not asked: a classic download has its one holder from when it
  /// has chosen it.
  private boolean isServed() {
    return selector.holdersMax() == 1 ? !isEmpty() : active.size() >= selector.holdersMax();
  }

  /// Takes a peer out of use; it may be tried again after a while that grows.
  void lost(PeerId peer, long nowNanos) {
    Holding holding = active.remove(peer);
    pending.remove(peer);
    Known before = known.get(peer);
    boolean whole = holding != null ? holding.whole : before != null && before.whole;
    int failures = before == null ? 1 : before.failures + 1;
    if (!banned.contains(peer)) {
      long wait = RETRY_NANOS << Math.min(failures, RETRY_DOUBLINGS_MAX);
      known.put(peer, new Known(whole, failures, nowNanos + wait));
    }
  }

  void ban(PeerId peer) {
    banned.add(peer);
    known.remove(peer);
    pending.remove(peer);
    active.remove(peer);
  }

  boolean anyBanned() {
    return !banned.isEmpty();
  }

  @Nullable Holding active(PeerId peer) {
    return active.get(peer);
  }

  Collection<Holding> active() {
    return active.values();
  }

  boolean isEmpty() {
    return active.isEmpty() && pending.isEmpty();
  }

  /// Whether more would be welcome.
  boolean wantsMore() {
    return selector.holdersMax() == 1
        ? isEmpty()
        : active.size() + pending.size() < INITIATED_MAX && (active.isEmpty() || spare() == 0);
  }

  private long spare() {
    return known.size() - (long) pending.size();
  }
}
