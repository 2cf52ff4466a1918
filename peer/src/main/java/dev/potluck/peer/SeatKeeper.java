package dev.potluck.peer;

import dev.potluck.consensus.ReplicatedLog;
import dev.potluck.content.PotluckException;
import dev.potluck.content.UnavailableException;
import dev.potluck.directory.Endpoint;
import dev.potluck.directory.Member;
import dev.potluck.directory.MemberState;
import dev.potluck.directory.PeerId;
import dev.potluck.directory.Seating;
import dev.potluck.wire.AuthorityCopy;
import dev.potluck.wire.NotTheDirectory;
import dev.potluck.wire.PeerClient;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.stream.Stream;

/// On the seat that leads: sees to it that the right machines keep the directory, one step at a
/// time.
final class SeatKeeper implements AutoCloseable {
  private static final Logger LOG = System.getLogger(SeatKeeper.class.getName());

  /// How long a seat may be silent before another machine takes its place.
  private static final Duration MISSED = Duration.ofSeconds(30);

  /// How long a member that could not take a seat is left alone.
  private static final Duration SPARED = Duration.ofMinutes(1);

  /// So many seats go on without one of them.
  private static final int MAJORITY_OUTLIVES_ONE = 3;

  /// How many members keep a copy of the authority without a seat.
  private static final int SPARES = 2;

  private static final Duration REST = Duration.ofSeconds(1);
  private static final Duration PATIENCE = Duration.ofSeconds(20);

  private final PeerId self;
  private final DirectoryHost host;
  private final DirectorySeat seat;
  private final PeerClient peers;
  private final Seating seating;
  private final Map<PeerId, Long> silentSinceNanos = new HashMap<>();

  /// Who has a copy of the authority without a seat.
  private final Set<PeerId> entrusted = new HashSet<>();

  /// Who could not be reached with an offer, or is about to go, and until when it is spared
  /// another.
  private final Map<PeerId, Long> sparedUntilNanos = new ConcurrentHashMap<>();

  /// Held while seats are looked at and changed: one step at a time.
  private final ReentrantLock steps = new ReentrantLock();

  /// Whether this machine is about to go: it does not take back what it gave. Guarded by the lock.
  private boolean going;

  private final Thread thread;

  SeatKeeper(
      PeerId self, DirectoryHost host, DirectorySeat seat, PeerClient peers, Seating seating) {
    this.self = self;
    this.host = host;
    this.seat = seat;
    this.peers = peers;
    this.seating = seating;
    this.thread = Thread.ofVirtual().name("directory-seats").start(this::run);
  }

  private void run() {
    try {
      Retry rest = Retry.forEver(REST, REST);
      while (rest.again()) {
        review();
      }
    } catch (InterruptedException e) {
      LOG.log(Level.DEBUG, "seats are not kept any more");
    }
  }

  private void review() {
    Optional<ReplicatedLog> log = seat.log();
    if (log.isEmpty() || !host.isLeading()) {
      silentSinceNanos.clear();
      entrusted.clear();
      return;
    }
    steps.lock();
    try {
      if (going) {
        return;
      }
      List<Member> members = eligible(host.members());
      Set<PeerId> seats = host.seats();
      Optional<Seating.Step> step = seating.next(seats, self, members, missed(seats, members));
      if (step.isPresent()) {
        take(step.get(), log.get(), seats, members);
        host.partyChanged();
      } else if (seats.size() < MAJORITY_OUTLIVES_ONE) {
        entrust(members);
      }
    } catch (NotTheDirectory e) {
      LOG.log(Level.DEBUG, "another seat leads now");
    } catch (RuntimeException | IOException e) {
      LOG.log(Level.INFO, "seats at the directory stay as they are for now: {0}", e.getMessage());
    } finally {
      steps.unlock();
    }
  }

  /// While the death of one machine can end the directory, others keep what they need to begin it
  /// anew.
  private void entrust(List<Member> members) throws IOException {
    AuthorityCopy authority = seat.offer().authority().orElse(null);
    if (authority == null) {
      return;
    }
    for (Member member : members) {
      boolean wanted =
          member.state() == MemberState.ALIVE
              && !member.id().equals(self)
              && !entrusted.contains(member.id())
              && entrusted.size() < SPARES;
      if (wanted) {
        called(member.id(), members, at -> peers.entrust(at, member.id(), authority, PATIENCE));
        entrusted.add(member.id());
      }
    }
  }

  /// Without those that could not be reached: they have sessions, but nobody can call them.
  private List<Member> eligible(List<Member> members) {
    long now = System.nanoTime();
    sparedUntilNanos.values().removeIf(until -> until - now < 0);
    return members.stream().filter(member -> !sparedUntilNanos.containsKey(member.id())).toList();
  }

  private Set<PeerId> missed(Set<PeerId> seats, List<Member> members) {
    Set<PeerId> alive = new HashSet<>();
    members.stream()
        .filter(member -> member.state() == MemberState.ALIVE)
        .forEach(member -> alive.add(member.id()));
    silentSinceNanos.keySet().removeIf(peer -> alive.contains(peer) || !seats.contains(peer));
    long now = System.nanoTime();
    Set<PeerId> missed = new HashSet<>();
    for (PeerId peer : seats) {
      if (!alive.contains(peer)
          && now - silentSinceNanos.computeIfAbsent(peer, _ -> now) > MISSED.toNanos()) {
        missed.add(peer);
      }
    }
    return missed;
  }

  private void take(Seating.Step step, ReplicatedLog log, Set<PeerId> seats, List<Member> members)
      throws IOException {
    Set<PeerId> after = new HashSet<>(seats);
    switch (step) {
      case Seating.Step.Add(PeerId peer) -> {
        offer(peer, members);
        after.add(peer);
      }
      case Seating.Step.Replace(PeerId gone, PeerId by) -> {
        offer(by, members);
        after.remove(gone);
        after.add(by);
      }
      case Seating.Step.Remove(PeerId peer) -> after.remove(peer);
    }
    log.seats(texts(seats), texts(after), PATIENCE);
    LOG.log(Level.INFO, "the directory is kept by {0} machines", after.size());
  }

  /// Takes a seat from a member that goes, before it is gone. Does nothing if it has none.
  ///
  /// @throws UnavailableException if that is not possible at the moment
  void vacate(PeerId member) {
    steps.lock();
    try {
      spare(member); // Until the party knows that it has left, it would be given the seat again.
      vacateNow(member);
    } finally {
      steps.unlock();
    }
  }

  private void vacateNow(PeerId leaving) {
    Optional<ReplicatedLog> log = seat.log();
    Set<PeerId> seats = host.seats();
    if (log.isEmpty() || !seats.contains(leaving)) {
      return;
    }
    List<Member> members = eligible(host.members());
    Optional<PeerId> by = alive(members).filter(peer -> !seats.contains(peer)).findFirst();
    Seating.Step step =
        by.isPresent()
            ? new Seating.Step.Replace(leaving, by.get())
            : new Seating.Step.Remove(leaving);
    try {
      change(step, log.get(), seats, members);
    } catch (PotluckException e) {
      change(new Seating.Step.Remove(leaving), log.get(), seats, members);
    }
  }

  /// Whether this machine keeps the directory, and nobody else is up.
  boolean isLast() {
    return host.isLeading() && alive(host.members()).allMatch(self::equals);
  }

  /// Before this machine goes: if it leads, it lets another seat lead.
  ///
  /// @throws UnavailableException if nobody else can
  void abdicate() {
    steps.lock();
    try {
      going = true;
      abdicateNow();
    } catch (PotluckException e) {
      going = false;
      throw e;
    } finally {
      steps.unlock();
    }
  }

  private void abdicateNow() {
    Optional<ReplicatedLog> log = seat.log();
    if (log.isEmpty() || !host.isLeading()) {
      return;
    }
    List<Member> members = host.members();
    Set<PeerId> seats = host.seats();
    if (seats.size() == 1) {
      PeerId heir =
          alive(members)
              .filter(peer -> !peer.equals(self))
              .findFirst()
              .orElseThrow(
                  () ->
                      new UnavailableException(
                          "nobody else is up to keep the party's directory: start another peer"
                              + " first, or end this one with Ctrl-C"));
      change(new Seating.Step.Add(heir), log.get(), seats, members);
    }
    Set<PeerId> now = host.seats();
    PeerId successor =
        alive(members)
            .filter(peer -> !peer.equals(self) && now.contains(peer))
            .findFirst()
            .orElseThrow(
                () -> new UnavailableException("no other machine can lead the directory now"));
    try {
      log.get().handOver(successor.text(), PATIENCE);
      host.awaitDeposed(PATIENCE);
    } catch (IOException e) {
      LOG.log(Level.INFO, "the directory stays here: {0}", e.getMessage());
      throw new UnavailableException(
          "no other machine could take the directory over at the moment: try again", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new UnavailableException("interrupted while another machine takes over", e);
    }
  }

  private static Stream<PeerId> alive(List<Member> members) {
    return members.stream()
        .filter(member -> member.state() == MemberState.ALIVE)
        .map(Member::id)
        .sorted();
  }

  private void change(
      Seating.Step step, ReplicatedLog log, Set<PeerId> seats, List<Member> members) {
    try {
      take(step, log, seats, members);
    } catch (IOException e) {
      LOG.log(Level.INFO, "seats at the directory stay as they are: {0}", e.getMessage());
      throw new UnavailableException(
          "who keeps the directory cannot be changed at the moment: try again", e);
    }
  }

  private void offer(PeerId peer, List<Member> members) throws IOException {
    called(peer, members, at -> peers.offer(at, peer, seat.offer(), PATIENCE));
  }

  private void called(PeerId peer, List<Member> members, Consumer<Endpoint> call)
      throws IOException {
    Endpoint at =
        members.stream()
            .filter(member -> member.id().equals(peer))
            .findFirst()
            .flatMap(Member::control)
            .orElseThrow(() -> new IOException("nobody knows where " + peer + " is"));
    try {
      call.accept(at);
    } catch (UnavailableException e) {
      spare(peer);
      throw e;
    }
  }

  private void spare(PeerId peer) {
    sparedUntilNanos.put(peer, System.nanoTime() + SPARED.toNanos());
  }

  private static Set<String> texts(Set<PeerId> peers) {
    Set<String> texts = new HashSet<>();
    peers.forEach(peer -> texts.add(peer.text()));
    return texts;
  }

  @Override
  public void close() {
    thread.interrupt();
  }
}
