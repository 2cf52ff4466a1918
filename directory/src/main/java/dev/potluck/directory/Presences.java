package dev.potluck.directory;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Who is here: the sessions, and the epochs that copies name.
final class Presences {
  private final Map<PeerId, Presence> byPeer = new HashMap<>();
  private final Map<Integer, Presence> bySession = new HashMap<>();
  private final Map<Integer, Presence> byEpoch = new HashMap<>();
  private final List<Integer> ended = new ArrayList<>();
  private int lastSession = Proposal.NO_SESSION;
  private int lastEpoch = Presence.NO_EPOCH;
  private final Duration lease;

  Presences(Duration lease) {
    this.lease = lease;
  }

  @Nullable Presence ofPeer(PeerId peer) {
    return byPeer.get(peer);
  }

  @Nullable Presence ofSession(int session) {
    return bySession.get(session);
  }

  /// Whose copies name this epoch, null if it is over.
  @Nullable Presence ofEpoch(int epoch) {
    return byEpoch.get(epoch);
  }

  boolean isForgotten(int epoch) {
    return !byEpoch.containsKey(epoch);
  }

  Collection<Presence> all() {
    return byPeer.values();
  }

  Presence begin(PeerId peer, Hello hello, boolean missed, Instant now) {
    Presence known = byPeer.get(peer);
    if (known != null) {
      end(known);
    }
    int epoch = ++lastEpoch;
    Presence presence =
        byPeer.computeIfAbsent(peer, id -> new Presence(id, hello, lease, Presence.NO_EPOCH));
    forget(presence.begin(++lastSession, hello, missed, now, epoch));
    if (presence.epoch() == epoch) {
      byEpoch.put(epoch, presence);
    }
    bySession.put(lastSession, presence);
    return presence;
  }

  void beginEpoch(Presence presence) {
    int epoch = ++lastEpoch;
    forget(presence.beginEpoch(epoch));
    byEpoch.put(epoch, presence);
  }

  void completed(Presence presence) {
    forget(presence.completed());
  }

  /// Ends the session, not what is known of the peer's copies.
  void end(Presence presence) {
    if (bySession.remove(presence.session()) != null) {
      ended.add(presence.session());
    }
    presence.end();
  }

  /// Forgets the peer and its copies.
  void remove(Presence presence) {
    end(presence);
    byPeer.remove(presence.peer);
    forget(presence.epoch());
    forget(presence.formerEpoch());
  }

  /// The sessions that ended since the last call.
  List<Integer> takeEnded() {
    List<Integer> taken = List.copyOf(ended);
    ended.clear();
    return taken;
  }

  private void forget(int epoch) {
    byEpoch.remove(epoch);
  }
}
