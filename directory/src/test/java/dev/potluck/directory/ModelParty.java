package dev.potluck.directory;

import dev.potluck.content.ContentId;
import dev.potluck.content.Name;
import dev.potluck.content.Version;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;

/// Peers around a directory that is lost or restarted now and then, and what must hold of them.
final class ModelParty {
  /// A content that the directory took as a version.
  record Acknowledged(Name name, long number) {}

  Seat seat = Seat.fresh();
  final Set<ContentId> overwritten = new HashSet<>();

  /// What a peer has moved to its trash for a newer version or a tombstone.
  final Set<ContentId> superseded = new HashSet<>();

  private final List<ModelPeer> peers = new ArrayList<>();
  private final List<Name> names;
  private final Random random;
  private final Map<ContentId, Acknowledged> acknowledged = new HashMap<>();
  private final Map<ContentId, Name> written = new HashMap<>();
  private final Map<Name, Set<ContentId>> deleted = new HashMap<>();
  private long contents;

  ModelParty(List<String> names, int peers, Random random) {
    this.names = names.stream().map(Name::of).toList();
    this.random = random;
    for (int i = 0; i < peers; i++) {
      this.peers.add(new ModelPeer(PeerId.of(String.valueOf((char) ('a' + i)).repeat(32)), this));
    }
  }

  void step() {
    ModelPeer peer = peers.get(random.nextInt(peers.size()));
    Name name = names.get(random.nextInt(names.size()));
    seat.now = seat.now.plusMillis(random.nextInt(1_500));
    switch (random.nextInt(20)) {
      case 0 -> restart(false);
      case 1 -> restart(true);
      case 2, 3 -> peer.goOffline();
      case 4, 5, 6, 7 -> ifOffline(peer);
      case 8 -> deleteIfOnline(peer, name);
      case 9, 10, 11, 12, 13 -> edit(peer, name);
      case 14 -> ifOnline(peer, peer::announceInFull);
      default -> ifOnline(peer, peer::follow);
    }
  }

  /// Everyone is there and hears of everything.
  void settle() {
    List<ModelPeer> order = new ArrayList<>(peers);
    Collections.shuffle(order, random);
    order.forEach(this::ifOffline);
    for (int round = 0; round < 6; round++) {
      order.forEach(ModelPeer::follow);
      seat.now = seat.now.plusSeconds(1);
    }
  }

  void acknowledged(Name name, Version version) {
    acknowledged.put(version.content(), new Acknowledged(name, version.number()));
  }

  void deleting(Entry entry) {
    if (!entry.deleted()) {
      deleted.computeIfAbsent(entry.name(), _ -> new HashSet<>()).add(entry.version().content());
    }
  }

  boolean canBeFetched(Entry entry) {
    return peers.stream()
        .filter(ModelPeer::isOnline)
        .map(peer -> peer.files.get(entry.name()))
        .anyMatch(file -> file != null && file.version().sameContent(entry.version()));
  }

  /// What went wrong, empty if nothing did.
  List<String> violations(boolean namesClash) {
    List<String> wrong = new ArrayList<>();
    Set<ContentId> live = liveAndHeld();
    for (ContentId content : written.keySet()) {
      Acknowledged version = acknowledged.get(content);
      boolean old = version != null && number(version.name()) > version.number();
      // A name that clashes may be gone altogether in the end.
      boolean wasOld = namesClash && superseded.contains(content);
      if (!live.contains(content) && !overwritten.contains(content) && !old && !wasOld) {
        wrong.add("lost: " + written.get(content) + " " + content + ", was " + version);
      }
      if (version != null && !namesClash && number(version.name()) < version.number()) {
        wrong.add("reverted: " + version + " to " + current(version.name()));
      }
    }
    deleted.forEach(
        (name, contentsOfName) ->
            current(name)
                .filter(entry -> !entry.deleted())
                .filter(entry -> contentsOfName.contains(entry.version().content()))
                .ifPresent(entry -> wrong.add("resurrected: " + entry)));
    for (ModelPeer peer : peers) {
      seat.heartbeat(peer.id, peer.digest());
      if (seat.heartbeat(peer.id, peer.digest()) != Pulse.FINE) {
        wrong.add("digest differs: " + peer.id + " " + peer.files);
      }
      peer.files.forEach(
          (name, file) -> {
            if (file.edited()) {
              wrong.add("never judged: " + name);
            }
          });
    }
    return wrong;
  }

  private Set<ContentId> liveAndHeld() {
    Set<ContentId> held = new HashSet<>();
    for (ModelPeer peer : peers) {
      peer.files.forEach(
          (name, file) ->
              current(name)
                  .filter(entry -> !entry.deleted())
                  .filter(entry -> entry.version().sameContent(file.version()))
                  .ifPresent(entry -> held.add(entry.version().content())));
    }
    return held;
  }

  private void restart(boolean withNothing) {
    Seat before = seat;
    seat = withNothing ? Seat.amnesiac(random.nextLong()) : before.restarted();
    seat.now = before.now;
    peers.forEach(ModelPeer::goOffline);
  }

  private void edit(ModelPeer peer, Name name) {
    boolean clashesHere =
        peer.files.keySet().stream()
            .filter(other -> !other.equals(name))
            .anyMatch(other -> other.isIn(name) || name.isIn(other));
    if (clashesHere) {
      return;
    }
    Version version = Seat.version(0, ++contents);
    written.put(version.content(), name);
    peer.edit(name, version);
    if (random.nextBoolean()) {
      ifOnline(peer, peer::announceEdits);
    }
  }

  private void deleteIfOnline(ModelPeer peer, Name name) {
    ifOnline(peer, () -> peer.delete(name));
  }

  private void ifOffline(ModelPeer peer) {
    if (!peer.isOnline()) {
      peer.goOnline();
    }
  }

  private static void ifOnline(ModelPeer peer, Runnable action) {
    if (peer.isOnline()) {
      action.run();
    }
  }

  private long number(Name name) {
    return current(name).map(entry -> entry.version().number()).orElse(0L);
  }

  private Optional<Entry> current(Name name) {
    return seat.tracker.directory().entry(name);
  }
}
