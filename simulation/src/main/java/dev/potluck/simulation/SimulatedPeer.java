package dev.potluck.simulation;

import dev.potluck.content.PieceSet;
import dev.potluck.directory.PeerId;
import dev.potluck.exchange.Distribution;
import dev.potluck.exchange.Download;
import dev.potluck.exchange.Effect;
import dev.potluck.exchange.Estimates;
import dev.potluck.exchange.Event;
import dev.potluck.exchange.Selector;
import dev.potluck.exchange.ServeEffect;
import dev.potluck.exchange.ServeEvent;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// A peer that runs the real state machines on the simulated network: it does what the daemon does
/// with their effects, and nothing of its own.
final class SimulatedPeer {
  private static final long HEARTBEAT_NANOS = 5_000_000_000L;
  private static final long SUBSCRIBE_TIMEOUT_NANOS = 2_000_000_000L;

  final PeerId id;
  final Link link;
  private final int number;
  private final Swarm swarm;
  private final boolean liar;
  private final Estimates estimates = new Estimates();

  /// Pieces on disk; what a crash leaves.
  private final PieceSet disk;

  /// Pieces whose delivery was checked here: what `disk` must be within.
  private final PieceSet checked;

  private @Nullable Download download;
  private Distribution distribution;
  private final Map<PeerId, Flow> flows = new HashMap<>();
  private final Set<PeerId> subscribing = new HashSet<>();
  private final Set<PeerId> connected = new LinkedHashSet<>();
  private boolean up;

  /// False for one that crashes for good: nobody waits for it.
  private boolean survives = true;

  private int incarnation;
  private long completedNanos = -1;
  private int unverified;

  SimulatedPeer(int number, PeerId id, Swarm swarm, boolean whole, boolean liar) {
    this.number = number;
    this.id = id;
    this.swarm = swarm;
    this.liar = liar;
    double rate = swarm.scenario.linkBytesPerSecond();
    this.link = new Link(rate, rate);
    int count = swarm.pieces.count();
    this.disk = whole ? PieceSet.all(count) : PieceSet.none(count);
    this.checked = disk.copy();
    this.distribution = new Distribution(swarm.pieces, disk, estimates, swarm.random.split());
  }

  void isToDie() {
    survives = false;
  }

  boolean isComplete() {
    return completedNanos >= 0;
  }

  double completedSeconds() {
    return completedNanos / 1e9;
  }

  /// Pieces the download counted and that were never checked: none, or something is badly wrong.
  int unverified() {
    return unverified;
  }

  /// Comes up with what is on disk: serves it, and fetches the rest.
  void start() {
    long now = swarm.events.nowNanos();
    up = true;
    link.down = false;
    incarnation++;
    distribution = new Distribution(swarm.pieces, disk, estimates, swarm.random.split());
    swarm.directory.announce(id, disk.isFull());
    if (!disk.isFull()) {
      download =
          new Download(swarm.pieces, disk, Selector.ADAPTIVE, estimates, swarm.random.split(), now);
      find();
      scheduleTick();
    }
    scheduleServeTick();
    scheduleHeartbeat();
  }

  /// Loses power. With `silent`, nobody is told; else the operating system closes its connections.
  void crash(boolean silent) {
    up = false;
    link.down = true;
    incarnation++;
    download = null;
    subscribing.clear();
    flows.values().forEach(swarm.network::breakOff);
    flows.clear();
    if (!silent) {
      connected.forEach(peer -> swarm.send(this, peer, new Message.Close()));
    }
    connected.clear();
  }

  private void find() {
    int now = incarnation;
    swarm.events.after(
        2 * swarm.scenario.latency().toNanos(),
        () -> {
          if (incarnation == now) {
            tell(new Event.HoldersFound(swarm.directory.find(id)));
          }
        });
  }

  private void scheduleTick() {
    int now = incarnation;
    Download ticked = download;
    if (ticked == null || ticked.isComplete()) {
      return;
    }
    swarm.events.at(
        ticked.wakeAtNanos(),
        () -> {
          if (incarnation == now) {
            tell(new Event.Tick());
            scheduleTick();
          }
        });
  }

  private void scheduleHeartbeat() {
    int now = incarnation;
    swarm.events.after(
        HEARTBEAT_NANOS,
        () -> {
          if (incarnation == now) {
            swarm.directory.heartbeat(id);
            scheduleHeartbeat();
          }
        });
  }

  private void scheduleServeTick() {
    int now = incarnation;
    swarm.events.after(
        250_000_000L,
        () -> {
          if (incarnation == now) {
            serve(new ServeEvent.Tick());
            scheduleServeTick();
          }
        });
  }

  void receive(PeerId from, Message message) {
    if (!up) {
      return;
    }
    switch (message) {
      case Message.Subscribe(var has) -> subscribed(from, has);
      case Message.Accept(var whole, var guided, var has) -> {
        if (subscribing.remove(from)) {
          connect(from, whole, guided, has, true);
        }
      }
      case Message.Announce(var added) -> {
        serve(new ServeEvent.Has(from, added));
        tell(new Event.Available(from, added));
      }
      case Message.Suggest(var pieces, var bound) -> tell(new Event.Suggested(from, pieces, bound));
      case Message.Request(var first, var count) -> requested(from, first, count);
      case Message.Refuse(var piece) -> tell(new Event.Refused(from, piece, "not here"));
      case Message.Decline(var piece, var coming) ->
          serve(new ServeEvent.Declined(from, piece, coming));
      case Message.Cancel(var piece) -> cancelled(from, piece);
      case Message.Close() -> closed(from);
    }
  }

  private void subscribed(PeerId from, PieceSet has) {
    connect(from, has.isFull(), true, has, false);
  }

  private void connect(PeerId other, boolean whole, boolean guided, PieceSet has, boolean invited) {
    connected.add(other);
    serve(new ServeEvent.Joined(other, has, invited));
    if (connected.contains(other)) {
      tell(new Event.Subscribed(other, whole, guided));
      if (!whole) {
        tell(new Event.Available(other, has));
      }
    }
  }

  private void requested(PeerId from, int first, int count) {
    SimulatedPeer receiver = swarm.peer(from);
    for (int piece = first; piece < first + count; piece++) {
      if (!disk.contains(piece)) {
        swarm.send(this, from, new Message.Refuse(piece));
        continue;
      }
      serve(new ServeEvent.Asked(from, piece));
      int carried = piece;
      Flow flow = flows.computeIfAbsent(from, _ -> swarm.network.flow(link, receiver.link));
      int receiving = receiver.incarnation;
      swarm.network.send(
          flow,
          new Flow.Parcel(
              piece,
              swarm.pieces.length(piece),
              () -> {
                if (receiver.incarnation == receiving) {
                  receiver.delivered(this, carried);
                }
              }));
    }
  }

  private void delivered(SimulatedPeer from, int piece) {
    swarm.trace(from.number, number, piece);
    long bytes = swarm.pieces.length(piece);
    if (from.liar) {
      swarm.wastedBytes += bytes;
      tell(new Event.Corrupt(from.id, piece));
      return;
    }
    checked.add(piece);
    if (disk.contains(piece)) {
      swarm.wastedBytes += bytes;
      tell(new Event.Verified(from.id, piece, bytes));
      return;
    }
    disk.add(piece);
    serve(new ServeEvent.Gained(piece, from.id));
    tell(new Event.Verified(from.id, piece, bytes));
  }

  private void cancelled(PeerId from, int piece) {
    Flow flow = flows.get(from);
    if (flow != null && swarm.network.withdraw(flow, piece)) {
      serve(new ServeEvent.Unsent(from, piece));
    }
  }

  private void closed(PeerId from) {
    subscribing.remove(from);
    connected.remove(from);
    Flow flow = flows.remove(from);
    if (flow != null) {
      swarm.network.breakOff(flow);
    }
    serve(new ServeEvent.Left(from));
    tell(new Event.HolderLost(from));
  }

  private void tell(Event event) {
    Download told = download;
    if (told == null) {
      return;
    }
    for (Effect effect : told.apply(event, swarm.events.nowNanos())) {
      carryOut(effect);
    }
  }

  private void carryOut(Effect effect) {
    switch (effect) {
      case Effect.Subscribe(var holder) -> subscribe(holder);
      case Effect.Unsubscribe(var holder) -> unsubscribe(holder);
      case Effect.Ask(var holder, var first, var count, _) ->
          swarm.send(this, holder, new Message.Request(first, count));
      case Effect.Withdraw(var holder, var piece) ->
          swarm.send(this, holder, new Message.Cancel(piece));
      case Effect.Decline(var holder, var piece, var coming) ->
          swarm.send(this, holder, new Message.Decline(piece, coming));
      case Effect.FindHolders() -> find();
      case Effect.Distrust(_, var drop, _) -> swarm.dropped += drop ? 1 : 0;
      case Effect.Completed() -> {
        completed();
        swarm.directory.announce(id, true);
      }
      case Effect.Stuck(_, _) -> {}
    }
  }

  private void completed() {
    completedNanos = swarm.events.nowNanos();
    swarm.complete += survives ? 1 : 0;
    if (download != null) {
      unverified += (int) download.have().stream().filter(p -> !checked.contains(p)).count();
    }
    download = null;
  }

  private void subscribe(PeerId holder) {
    subscribing.add(holder);
    swarm.send(this, holder, new Message.Subscribe(disk.copy()));
    int now = incarnation;
    swarm.events.after(
        SUBSCRIBE_TIMEOUT_NANOS,
        () -> {
          if (incarnation == now && subscribing.remove(holder)) {
            tell(new Event.HolderLost(holder));
          }
        });
  }

  private void unsubscribe(PeerId holder) {
    connected.remove(holder);
    serve(new ServeEvent.Left(holder));
    swarm.send(this, holder, new Message.Close());
  }

  private void serve(ServeEvent event) {
    for (ServeEffect effect : distribution.apply(event, swarm.events.nowNanos())) {
      switch (effect) {
        case ServeEffect.Accept(var peer, var whole, var guided, var has) ->
            swarm.send(this, peer, new Message.Accept(whole, guided, has));
        case ServeEffect.TurnAway(var peer) -> {
          connected.remove(peer);
          swarm.send(this, peer, new Message.Close());
        }
        case ServeEffect.Announce(var peer, var added) ->
            swarm.send(this, peer, new Message.Announce(added));
        case ServeEffect.Suggest(var peer, var pieces, var bound) ->
            swarm.send(this, peer, new Message.Suggest(pieces, bound));
      }
    }
  }
}
