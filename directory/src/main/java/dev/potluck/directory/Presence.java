package dev.potluck.directory;

import dev.potluck.content.Name;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;

/// What the tracker knows of one peer beyond its membership, all soft: its session, where it is
/// reached, its load, and the sum of what it said to hold. Outlives the session: a peer that is
/// away for a while and returns with the same digest need not announce anything.
final class Presence {
  static final int NO_EPOCH = 0;

  final PeerId peer;

  private int session = Proposal.NO_SESSION;
  private Hello hello;
  private Load load = Load.NONE;
  private final Duration lease;
  private Instant deadline;

  /// What the peer announced since it last began to announce in full, and what it did before.
  private int epoch;

  private int formerEpoch = NO_EPOCH;

  private FactDigest digest = FactDigest.EMPTY;
  private long bytes;

  /// Copies whose content is known to differ from the version of their name.
  private long differing;

  private boolean announcing;
  private boolean ending;
  private boolean complete;
  private boolean busy = true;
  private int pending;
  private final Map<Name, Integer> inFlight = new HashMap<>();

  Presence(PeerId peer, Hello hello, Duration lease, int epoch) {
    this.peer = peer;
    this.hello = hello;
    this.lease = lease;
    this.deadline = Instant.MIN;
    this.epoch = epoch;
  }

  /// Begins a session.
  ///
  /// @param missed whether the peer may have what was deleted and is forgotten: it has to say anew
  ///   what it holds
  /// @return the epoch that is forgotten, {@link #NO_EPOCH} if none
  int begin(int newSession, Hello newHello, boolean missed, Instant now, int freshEpoch) {
    boolean resumes = complete && differing == 0 && !missed;
    session = newSession;
    hello = newHello;
    load = Load.NONE;
    heard(now);
    busy = true;
    pending = 0;
    inFlight.clear();
    return resumes ? NO_EPOCH : beginEpoch(freshEpoch);
  }

  /// The peer is about to say anew all that it holds.
  ///
  /// @return the epoch that is forgotten, {@link #NO_EPOCH} if none
  int beginEpoch(int freshEpoch) {
    int forgotten = formerEpoch;
    formerEpoch = epoch;
    epoch = freshEpoch;
    digest = FactDigest.EMPTY;
    bytes = 0;
    differing = 0;
    complete = false;
    return forgotten;
  }

  /// The peer has said all that it holds.
  ///
  /// @return the epoch that is forgotten, {@link #NO_EPOCH} if none
  int completed() {
    int forgotten = formerEpoch;
    formerEpoch = NO_EPOCH;
    complete = true;
    announcing = false;
    ending = false;
    return forgotten;
  }

  void end() {
    session = Proposal.NO_SESSION;
    if (pending > 0 || announcing) {
      complete = false;
    }
    announcing = false;
    ending = false;
    load = Load.NONE;
  }

  void heard(Instant now) {
    Instant later = now.plus(lease);
    if (later.isAfter(deadline)) {
      deadline = later;
    }
  }

  /// Who listens stood still for so long.
  void excuse(Duration gap) {
    deadline = deadline.plus(gap);
  }

  boolean isAlive(Instant now) {
    return session != Proposal.NO_SESSION && !now.isAfter(deadline);
  }

  /// Whether nothing was heard for a lease: what hangs on it is over, whether its session was ended
  /// or not.
  boolean isOver(Instant now) {
    return now.isAfter(deadline);
  }

  /// Counts a copy as held.
  void count(Name name, Copies.Copy copy) {
    digest = digest.with(name, copy.number(), copy.whole(), copy.reason());
    bytes += copy.size();
    differing += copy.differs() ? 1 : 0;
  }

  /// Counts it no longer.
  void discount(Name name, Copies.Copy copy) {
    digest = digest.without(name, copy.number(), copy.whole(), copy.reason());
    bytes -= copy.size();
    differing -= copy.differs() ? 1 : 0;
  }

  /// A fact on this name waits for a proposal.
  void inFlight(Name name) {
    inFlight.merge(name, 1, Integer::sum);
  }

  void proposed() {
    pending++;
  }

  void settled(Iterable<Fact> facts) {
    pending--;
    busy = true;
    facts.forEach(fact -> inFlight.computeIfPresent(fact.name(), (_, n) -> n == 1 ? null : n - 1));
  }

  boolean isInFlight(Name name) {
    return !inFlight.isEmpty() && inFlight.containsKey(name);
  }

  /// The full list has begun, and begins anew if it had.
  void startsList() {
    announcing = true;
    ending = false;
  }

  void endsList() {
    ending = announcing;
  }

  /// Whether the full list has come to its end and all of it has been recorded.
  boolean hasSaidAll() {
    return ending && pending == 0;
  }

  void busy(boolean value) {
    busy = value;
  }

  void load(Load value) {
    load = value;
  }

  /// Whether no announcement has come since the last heartbeat or is under way: only then can the
  /// digests be compared, for each side counts a fact at another moment.
  boolean isQuiet() {
    return !busy && pending == 0 && !announcing;
  }

  boolean isComplete() {
    return complete;
  }

  int session() {
    return session;
  }

  int epoch() {
    return epoch;
  }

  int formerEpoch() {
    return formerEpoch;
  }

  Hello hello() {
    return hello;
  }

  Load load() {
    return load;
  }

  FactDigest digest() {
    return digest;
  }

  long bytes() {
    return bytes;
  }
}
