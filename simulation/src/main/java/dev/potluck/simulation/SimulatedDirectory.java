package dev.potluck.simulation;

import dev.potluck.content.ContentId;
import dev.potluck.content.Kind;
import dev.potluck.content.Name;
import dev.potluck.content.Root;
import dev.potluck.content.Version;
import dev.potluck.directory.Announced;
import dev.potluck.directory.Announcement;
import dev.potluck.directory.Directory;
import dev.potluck.directory.Endpoint;
import dev.potluck.directory.Fact;
import dev.potluck.directory.FactDigest;
import dev.potluck.directory.Hello;
import dev.potluck.directory.Leases;
import dev.potluck.directory.Load;
import dev.potluck.directory.PeerId;
import dev.potluck.directory.Proposal;
import dev.potluck.directory.Pulse;
import dev.potluck.directory.Reason;
import dev.potluck.directory.Tracker;
import dev.potluck.exchange.Candidate;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// The real directory, of one name: peers announce that they have its content or are getting it,
/// and ask who does. One that crashed is listed until its lease ends.
final class SimulatedDirectory {
  private static final Endpoint SOMEWHERE = new Endpoint("10.0.0.1", 7420);
  private static final Name NAME = Name.of("film.mkv");

  private final EventQueue events;
  private final Tracker tracker;
  private final Version version;
  private final Map<PeerId, Session> sessions = new HashMap<>();

  private static final class Session {
    final int number;
    final Fact.Holds held;

    Session(int number, Fact.Holds held) {
      this.number = number;
      this.held = held;
    }
  }

  SimulatedDirectory(EventQueue events, long sizeBytes) {
    this.events = events;
    this.tracker = new Tracker(new Directory(1), Leases.DEFAULT, now(), false);
    ContentId content = new ContentId(new Root(1, 2, 3, 4), sizeBytes);
    this.version = new Version(1, Kind.FILE, content, Instant.EPOCH, 0644);
  }

  private Instant now() {
    return Instant.EPOCH.plusNanos(events.nowNanos());
  }

  /// Says hello and what the peer has, in a new session.
  void announce(PeerId peer, boolean whole) {
    Hello hello = new Hello(peer.text(), SOMEWHERE, SOMEWHERE);
    tracker.enlisting(peer, hello).ifPresent(this::commit);
    int session = tracker.begin(peer, hello, now()).session();
    Fact.Holds held = new Fact.Holds(NAME, version, Reason.KEPT, whole);
    sessions.put(peer, new Session(session, held));
    Announced announced = tracker.announce(session, Announcement.full(1, List.of(held)), now());
    announced.proposal().ifPresent(this::commit);
  }

  private void commit(Proposal proposal) {
    tracker.committed(proposal, tracker.directory().apply(proposal.command(), now()), now());
  }

  /// Extends the peer's lease.
  void heartbeat(PeerId peer) {
    Session session = sessions.get(peer);
    if (session != null) {
      FactDigest digest = FactDigest.EMPTY.with(session.held);
      Pulse pulse = tracker.heartbeat(session.number, Load.NONE, digest, now());
      if (pulse != Pulse.FINE) {
        announce(peer, session.held.whole());
      }
    }
  }

  /// Ends the sessions whose leases are over.
  void tick() {
    tracker.tick(now()).proposal().ifPresent(this::commit);
  }

  /// Who has the content, whole or in part, but for the asker.
  List<Candidate> find(PeerId asker) {
    return tracker.find(NAME, now()).holders().stream()
        .filter(holder -> !holder.peer().equals(asker))
        .map(holder -> new Candidate(holder.peer(), holder.whole()))
        .toList();
  }
}
