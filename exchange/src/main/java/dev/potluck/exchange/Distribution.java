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
/// piece each should take next. With several subscribers the sender decides, because it alone knows
/// its queue and what all of them lack: every piece goes to one of them before any goes out twice,
/// and no uplink is idle while a neighbour lacks what it has. A single subscriber takes what it
/// likes.
public final class Distribution {
  /// More are turned away: they find each other.
  public static final int SUBSCRIBERS_MAX = 40;

  private static final long TICK_NANOS = 250_000_000L;

  /// How long a subscriber that is told what to take may not know of what came here: it only keeps
  /// it from suggesting that in turn, and a message a piece and neighbour costs more than the rest.
  static final long UNSAID_NANOS = 100_000_000L;

  /// How long what was declined counts as being on its way from elsewhere.
  private static final long EXPECTED_NANOS = 1_000_000_000L;

  private final Pieces pieces;
  private final PieceSet have;
  private final Handout handout;
  private final Map<PeerId, Subscriber> subscribers = new LinkedHashMap<>();
  private long wakeAtNanos = Long.MAX_VALUE;
  private long tickAtNanos;
  private long forgetExpectedNanos;
  private boolean guiding;
  private boolean joining;
  private List<ServeEffect> effects = new ArrayList<>();

  /// @param have what this peer has of the content; copied
  /// @param estimates shared by all contents of this peer
  public Distribution(Pieces pieces, PieceSet have, Estimates estimates, RandomGenerator random) {
    this.pieces = pieces;
    this.have = have.copy();
    this.handout = new Handout(pieces, this.have, estimates, random);
  }

  /// What to do now that this has happened.
  ///
  /// @param nowNanos a monotonic clock, the same for all calls
  public List<ServeEffect> apply(ServeEvent event, long nowNanos) {
    effects = new ArrayList<>();
    switch (event) {
      case ServeEvent.Joined(var peer, var has, var invited) ->
          joined(peer, has, invited, nowNanos);
      case ServeEvent.Left(var peer) -> left(peer);
      case ServeEvent.Has(var peer, var added) -> {
        Subscriber subscriber = subscribers.get(peer);
        if (subscriber != null) {
          handout.has(subscriber, added, nowNanos);
          subscriber.satisfied = false;
        }
      }
      case ServeEvent.Asked(var peer, var piece) -> {
        Subscriber subscriber = subscribers.get(peer);
        if (subscriber != null) {
          handout.asked(subscriber, piece, nowNanos);
        }
      }
      case ServeEvent.Unsent(var peer, var piece) -> unsent(peer, piece);
      case ServeEvent.Declined(var peer, var piece, var coming) -> declined(peer, piece, coming);
      case ServeEvent.Gained(var piece, var from) -> gained(piece, from, nowNanos);
      case ServeEvent.Tick() -> tick(nowNanos);
    }
    suggest(nowNanos);
    wakeAtNanos = wakeAt();
    return effects;
  }

  /// When the next {@link ServeEvent.Tick} is wanted, {@link Long#MAX_VALUE} if not at all.
  public long wakeAtNanos() {
    return wakeAtNanos;
  }

  public int subscribers() {
    return subscribers.size();
  }

  private void joined(PeerId peer, PieceSet has, boolean invited, long nowNanos) {
    if (!invited && subscribers.size() >= SUBSCRIBERS_MAX && !subscribers.containsKey(peer)) {
      effects.add(new ServeEffect.TurnAway(peer));
      return;
    }
    left(peer);
    Subscriber subscriber = new Subscriber(peer, pieces.count());
    subscriber.saidNanos = nowNanos;
    if (subscribers.isEmpty()) {
      tickAtNanos = nowNanos + TICK_NANOS;
    }
    subscribers.put(peer, subscriber);
    joining = true;
    handout.has(subscriber, has, nowNanos);
    if (invited) {
      effects.add(new ServeEffect.Announce(peer, have.copy()));
      subscriber.guided = true;
    } else {
      subscriber.guided = isGuiding();
      effects.add(new ServeEffect.Accept(peer, have.isFull(), subscriber.guided, have));
    }
  }

  private void left(PeerId peer) {
    Subscriber subscriber = subscribers.remove(peer);
    if (subscriber != null) {
      handout.left(subscriber);
    }
  }

  private void unsent(PeerId peer, int piece) {
    Subscriber subscriber = subscribers.get(peer);
    if (subscriber != null && handout.settle(subscriber, piece) != null) {
      subscriber.satisfied = false;
    }
  }

  private void declined(PeerId peer, int piece, boolean coming) {
    Subscriber subscriber = subscribers.get(peer);
    if (subscriber != null && handout.settle(subscriber, piece) != null) {
      subscriber.satisfied = !coming;
      if (coming) {
        subscriber.expected.add(piece);
      }
    }
  }

  private void gained(int piece, PeerId from, long nowNanos) {
    have.add(piece);
    for (Subscriber subscriber : subscribers.values()) {
      subscriber.satisfied = false;
      subscriber.unsaid.add(piece);
      if (subscriber.peer.equals(from) || have.isFull() || isUnsaidForLong(subscriber, nowNanos)) {
        say(subscriber, nowNanos);
      }
    }
  }

  private static boolean isUnsaidForLong(Subscriber subscriber, long nowNanos) {
    return !subscriber.guided || nowNanos - subscriber.saidNanos >= UNSAID_NANOS;
  }

  /// Tells a subscriber what came here since it was told last.
  private void say(Subscriber subscriber, long nowNanos) {
    if (!subscriber.unsaid.isEmpty()) {
      effects.add(new ServeEffect.Announce(subscriber.peer, subscriber.unsaid));
      subscriber.unsaid = PieceSet.none(pieces.count());
      subscriber.saidNanos = nowNanos;
    }
  }

  private long wakeAt() {
    long at = subscribers.isEmpty() ? Long.MAX_VALUE : tickAtNanos;
    for (Subscriber subscriber : subscribers.values()) {
      if (!subscriber.unsaid.isEmpty()) {
        at = Math.min(at, subscriber.saidNanos + UNSAID_NANOS);
      }
    }
    return at;
  }

  private void tick(long nowNanos) {
    for (Subscriber subscriber : subscribers.values()) {
      if (isUnsaidForLong(subscriber, nowNanos)) {
        say(subscriber, nowNanos);
      }
    }
    if (nowNanos < tickAtNanos) {
      return;
    }
    tickAtNanos = nowNanos + TICK_NANOS;
    boolean forget = nowNanos >= forgetExpectedNanos;
    for (Subscriber subscriber : subscribers.values()) {
      handout.takeBackOverdue(subscriber, nowNanos);
      subscriber.satisfied = false;
      if (forget && !subscriber.expected.isEmpty()) {
        subscriber.expected = PieceSet.none(pieces.count());
      }
    }
    if (forget) {
      forgetExpectedNanos = nowNanos + EXPECTED_NANOS;
    }
  }

  private boolean isGuiding() {
    int needy = 0;
    for (Subscriber subscriber : subscribers.values()) {
      needy += subscriber.isNeedy() ? 1 : 0;
      if (needy > 1) {
        return true;
      }
    }
    return false;
  }

  private void suggest(long nowNanos) {
    boolean guide = isGuiding();
    if (guide != guiding || joining) {
      guiding = guide;
      joining = false;
      subscribers.values().forEach(subscriber -> sayWhetherGuided(subscriber, nowNanos));
    }
    if (!guide) {
      return;
    }
    Map<Subscriber, List<Integer>> suggestions = new LinkedHashMap<>();
    while (handout.hasRoom()) {
      Handout.Choice choice = handout.next(subscribers.values());
      if (choice == null) {
        break;
      }
      handout.suggested(choice, nowNanos);
      suggestions.computeIfAbsent(choice.subscriber(), _ -> new ArrayList<>()).add(choice.piece());
    }
    suggestions.forEach(
        (subscriber, chosen) -> {
          say(subscriber, nowNanos);
          effects.add(new ServeEffect.Suggest(subscriber.peer, chosen, true));
        });
  }

  private void sayWhetherGuided(Subscriber subscriber, long nowNanos) {
    if (subscriber.guided != guiding && (subscriber.isNeedy() || !guiding)) {
      subscriber.guided = guiding;
      say(subscriber, nowNanos);
      effects.add(new ServeEffect.Suggest(subscriber.peer, List.of(), guiding));
    }
  }
}
