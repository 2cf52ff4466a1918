package dev.potluck.exchange;

import dev.potluck.content.PieceSet;
import dev.potluck.content.Pieces;
import dev.potluck.directory.PeerId;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;

/// The sending side of one content, as a state machine: who is subscribed, what each has, and which
/// piece each should take next. A whole holder with several subscribers hands every piece to one of
/// them before any piece goes out twice; they pass it on among themselves.
public final class Distribution {
  /// More are turned away: they find each other.
  public static final int SUBSCRIBERS_MAX = 40;

  private static final long TICK_NANOS = 250_000_000L;

  private final Pieces pieces;
  private final PieceSet have;
  private final FirstCopies firstCopies;
  private final Map<PeerId, Subscriber> subscribers = new LinkedHashMap<>();
  private long wakeAtNanos = Long.MAX_VALUE;
  private List<ServeEffect> effects = new ArrayList<>();

  /// @param have what this peer has of the content; copied
  public Distribution(Pieces pieces, PieceSet have, RandomGenerator random) {
    this.pieces = pieces;
    this.have = have.copy();
    this.firstCopies = new FirstCopies(pieces, random);
  }

  /// What to do now that this has happened.
  ///
  /// @param nowNanos a monotonic clock, the same for all calls
  public List<ServeEffect> apply(ServeEvent event, long nowNanos) {
    effects = new ArrayList<>();
    switch (event) {
      case ServeEvent.Joined(var peer, var has, var invited) -> joined(peer, has, invited);
      case ServeEvent.Left(var peer) -> left(peer);
      case ServeEvent.Has(var peer, var added) -> has(peer, added, nowNanos);
      case ServeEvent.Asked(var peer, var piece) -> asked(peer, piece);
      case ServeEvent.Unsent(var peer, var piece) -> unsent(peer, piece);
      case ServeEvent.Gained(var piece) -> gained(piece);
      case ServeEvent.Tick() -> {}
    }
    suggest(nowNanos);
    wakeAtNanos = subscribers.size() > 1 ? nowNanos + TICK_NANOS : Long.MAX_VALUE;
    return effects;
  }

  /// When the next {@link ServeEvent.Tick} is wanted, {@link Long#MAX_VALUE} if not at all.
  public long wakeAtNanos() {
    return wakeAtNanos;
  }

  public int subscribers() {
    return subscribers.size();
  }

  private void joined(PeerId peer, PieceSet has, boolean invited) {
    if (!invited && subscribers.size() >= SUBSCRIBERS_MAX && !subscribers.containsKey(peer)) {
      effects.add(new ServeEffect.TurnAway(peer));
      return;
    }
    left(peer);
    Subscriber subscriber = new Subscriber(peer, has.copy());
    subscribers.put(peer, subscriber);
    has.stream().forEach(firstCopies::wentOut);
    subscriber.guided = isGuiding();
    effects.add(new ServeEffect.Accept(peer, have.isFull(), subscriber.guided, have));
  }

  private void left(PeerId peer) {
    Subscriber subscriber = subscribers.remove(peer);
    if (subscriber != null) {
      subscriber.due.keySet().forEach(firstCopies::failed);
    }
  }

  private void has(PeerId peer, PieceSet added, long nowNanos) {
    Subscriber subscriber = subscribers.get(peer);
    if (subscriber == null) {
      return;
    }
    subscriber.has.addAll(added);
    for (int p = added.next(0); p < pieces.count(); p = added.next(p + 1)) {
      firstCopies.wentOut(p);
      if (subscriber.due.remove(p) != null) {
        firstCopies.delivered(pieces.length(p), nowNanos);
      }
    }
  }

  private void asked(PeerId peer, int piece) {
    Subscriber subscriber = subscribers.get(peer);
    if (subscriber != null && !subscriber.due.containsKey(piece)) {
      firstCopies.handedOut(piece);
    }
  }

  private void unsent(PeerId peer, int piece) {
    Subscriber subscriber = subscribers.get(peer);
    if (subscriber != null && subscriber.due.remove(piece) != null) {
      firstCopies.failed(piece);
    }
  }

  private void gained(int piece) {
    have.add(piece);
    for (Subscriber subscriber : subscribers.values()) {
      if (!subscriber.has.contains(piece)) {
        PieceSet added = PieceSet.none(pieces.count());
        added.add(piece);
        effects.add(new ServeEffect.Announce(subscriber.peer, added));
      }
    }
  }

  private boolean isGuiding() {
    return have.isFull() && subscribers.size() > 1 && !firstCopies.isOver();
  }

  private void suggest(long nowNanos) {
    if (!have.isFull()) {
      return;
    }
    boolean guiding = isGuiding();
    if (guiding) {
      firstCopies
          .plan(subscribers.values(), nowNanos)
          .forEach(
              (peer, suggestions) -> {
                effects.add(new ServeEffect.Suggest(peer, suggestions));
              });
    }
    for (Subscriber subscriber : subscribers.values()) {
      if (!guiding && subscriber.guided) {
        subscriber.guided = false;
        effects.add(new ServeEffect.Suggest(subscriber.peer, List.of()));
      }
    }
  }
}
