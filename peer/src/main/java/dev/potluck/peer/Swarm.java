package dev.potluck.peer;

import dev.potluck.content.ContentId;
import dev.potluck.content.PieceSet;
import dev.potluck.directory.PeerId;
import dev.potluck.exchange.Distribution;
import dev.potluck.exchange.Event;
import dev.potluck.exchange.ServeEffect;
import dev.potluck.exchange.ServeEvent;
import dev.potluck.wire.AvailabilitySink;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// The peers that exchange one content with this one, in either direction: the distribution of what
/// is here, the download of what is not, and the links that both share. Belongs to the exchange
/// thread.
final class Swarm {
  /// How long peers that have all of it stay linked after a download: whoever distributes counts on
  /// what they have while others still fetch.
  private static final long PARTING_NANOS = 10_000_000_000L;

  private final Swarms host;
  private final ContentId content;
  private final Distribution distribution;
  private final PieceSet have;
  private final Map<PeerId, Neighbour> neighbours = new LinkedHashMap<>();
  private final Set<AvailabilitySink> unsent = new LinkedHashSet<>();
  private @Nullable Fetch fetch;
  private final Alarm alarm;
  private final Alarm parting;

  /// A peer with at least one link. Both sides may have called each other: links are equal, and the
  /// oldest that is open carries what is sent.
  private static final class Neighbour {
    final List<AvailabilityLink> links = new ArrayList<>();
    final PieceSet has;

    /// Whether this peer called it: then it says at once whether it lets us in.
    final boolean invited;

    /// Once it may be asked: what it said of guiding us.
    @Nullable Boolean guided;

    boolean introduced;

    Neighbour(int pieces, boolean invited) {
      has = PieceSet.none(pieces);
      this.invited = invited;
    }
  }

  Swarm(Swarms host, ContentId content, PieceSet have) {
    this.host = host;
    this.content = content;
    this.have = have.copy();
    this.distribution = new Distribution(content.pieces(), have, host.estimates(), host.random());
    this.alarm = new Alarm(host.thread(), () -> serve(new ServeEvent.Tick()));
    this.parting = new Alarm(host.thread(), this::part);
  }

  ContentId content() {
    return content;
  }

  /// Whether nobody needs it: nothing is fetched and nobody is linked.
  boolean isIdle() {
    return fetch == null && neighbours.isEmpty();
  }

  @Nullable Fetch fetch() {
    return fetch;
  }

  void begin(Fetch begun) {
    fetch = begun;
  }

  /// Tells the download of everyone who is linked already; after it has chosen among the holders,
  /// or a classic one would take whoever is linked.
  void introduceLinked() {
    for (PeerId peer : List.copyOf(neighbours.keySet())) {
      Neighbour neighbour = neighbours.get(peer);
      if (neighbour != null) {
        introduce(peer, neighbour);
      }
    }
  }

  void end() {
    fetch = null;
    neighbours.values().forEach(neighbour -> neighbour.introduced = false);
    parting.setFor(host.thread().nowNanos() + PARTING_NANOS);
  }

  /// Ends the links with whom nothing will be exchanged: nothing is fetched here, and they need
  /// nothing, or get nothing here.
  private void part() {
    if (fetch == null) {
      neighbours.values().stream()
          .filter(neighbour -> neighbour.has.isFull() || have.isEmpty())
          .flatMap(neighbour -> neighbour.links.stream())
          .toList()
          .forEach(link -> link.sink().close());
    }
  }

  /// A link is open.
  ///
  /// @param invited whether this peer called the other
  void linked(PeerId peer, AvailabilityLink link, boolean invited) {
    Neighbour neighbour = neighbours.get(peer);
    if (neighbour != null) {
      neighbour.links.add(link);
      link.sink().available(have.copy());
      link.sink().accept(false);
      link.sink().flush();
      return;
    }
    neighbour = new Neighbour(content.pieces().count(), invited);
    neighbour.links.add(link);
    neighbours.put(peer, neighbour);
    serve(new ServeEvent.Joined(peer, neighbour.has, invited));
  }

  void unlinked(PeerId peer, AvailabilityLink link) {
    Neighbour neighbour = neighbours.get(peer);
    if (neighbour == null || !neighbour.links.remove(link) || !neighbour.links.isEmpty()) {
      return;
    }
    neighbours.remove(peer);
    serve(new ServeEvent.Left(peer));
    tell(new Event.HolderLost(peer));
  }

  boolean isLinked(PeerId peer) {
    return neighbours.containsKey(peer);
  }

  int piecesOf(PeerId peer) {
    Neighbour neighbour = neighbours.get(peer);
    return neighbour == null ? 0 : neighbour.has.cardinality();
  }

  void available(PeerId peer, PieceSet added) {
    Neighbour neighbour = neighbours.get(peer);
    if (neighbour == null || added.count() != neighbour.has.count()) {
      return;
    }
    neighbour.has.addAll(added);
    serve(new ServeEvent.Has(peer, added));
    if (neighbour.introduced) {
      tell(new Event.Available(peer, added));
    } else if (!neighbour.invited) {
      // It called us: it is let in, and expects to say what is taken from it.
      neighbour.guided = true;
      introduce(peer, neighbour);
    }
  }

  /// The neighbour lets us in.
  void accepted(PeerId peer, boolean guided) {
    Neighbour neighbour = neighbours.get(peer);
    if (neighbour != null) {
      neighbour.guided = guided;
      introduce(peer, neighbour);
    }
  }

  /// Tells the download of a neighbour that may be asked.
  private void introduce(PeerId peer, Neighbour neighbour) {
    Boolean guided = neighbour.guided;
    if (guided == null || neighbour.introduced || fetch == null) {
      return;
    }
    neighbour.introduced = true;
    boolean whole = neighbour.has.isFull();
    tell(new Event.Subscribed(peer, whole, guided));
    if (!whole && !neighbour.has.isEmpty()) {
      tell(new Event.Available(peer, neighbour.has.copy()));
    }
  }

  void suggested(PeerId peer, List<Integer> pieces, boolean bound) {
    Neighbour neighbour = neighbours.get(peer);
    if (neighbour != null) {
      neighbour.guided = bound;
      tell(new Event.Suggested(peer, pieces, bound));
    }
  }

  /// The neighbour does not take what was suggested to it.
  void declined(PeerId peer, int piece, boolean coming) {
    serve(new ServeEvent.Declined(peer, piece, coming));
  }

  /// This peer does not take what the neighbour suggested.
  void decline(PeerId peer, int piece, boolean coming) {
    send(peer, link -> link.decline(piece, coming));
  }

  /// The neighbour asked for these pieces over the bulk protocol.
  void asked(PeerId peer, int first, int count) {
    if (neighbours.containsKey(peer)) {
      for (int piece = first; piece < first + count; piece++) {
        serve(new ServeEvent.Asked(peer, piece));
      }
    }
  }

  /// A request for these pieces broke off before they were sent.
  void unsent(PeerId peer, int first, int count) {
    for (int piece = first; piece < first + count; piece++) {
      serve(new ServeEvent.Unsent(peer, piece));
    }
  }

  /// This peer has got a piece from one of them.
  void gained(int piece, PeerId from) {
    have.add(piece);
    serve(new ServeEvent.Gained(piece, from));
  }

  /// The download has no more use for the peer; what it fetches from here goes on.
  void unsubscribe(PeerId peer) {
    Neighbour neighbour = neighbours.get(peer);
    if (neighbour != null && neighbour.has.isFull()) {
      List.copyOf(neighbour.links).forEach(link -> link.sink().close());
    }
  }

  void close() {
    neighbours.values().forEach(n -> n.links.forEach(link -> link.sink().close()));
    neighbours.clear();
  }

  private void tell(Event event) {
    if (fetch != null) {
      fetch.tell(event);
    }
  }

  private void serve(ServeEvent event) {
    for (ServeEffect effect : distribution.apply(event, host.thread().nowNanos())) {
      carryOut(effect);
    }
    alarm.setFor(distribution.wakeAtNanos());
  }

  private void carryOut(ServeEffect effect) {
    switch (effect) {
      case ServeEffect.Accept(var peer, _, var guided, var has) ->
          send(peer, link -> link.available(has) && link.accept(guided));
      case ServeEffect.Announce(var peer, var added) -> send(peer, link -> link.available(added));
      case ServeEffect.Suggest(var peer, var pieces, var bound) ->
          send(peer, link -> link.suggest(pieces, bound));
      case ServeEffect.TurnAway(var peer) -> {
        Neighbour neighbour = neighbours.remove(peer);
        if (neighbour != null) {
          neighbour.links.forEach(link -> link.sink().close());
        }
      }
    }
  }

  private interface Message {
    boolean sendOn(AvailabilitySink sink);
  }

  private void send(PeerId peer, Message message) {
    Neighbour neighbour = neighbours.get(peer);
    if (neighbour != null) {
      for (AvailabilityLink link : neighbour.links) {
        if (message.sendOn(link.sink())) {
          sendSoon(link.sink());
          return;
        }
      }
    }
  }

  /// What this and the events that wait behind it say goes in one message.
  private void sendSoon(AvailabilitySink sink) {
    if (unsent.isEmpty()) {
      host.thread()
          .run(
              () -> {
                unsent.forEach(AvailabilitySink::flush);
                unsent.clear();
              });
    }
    unsent.add(sink);
  }
}
