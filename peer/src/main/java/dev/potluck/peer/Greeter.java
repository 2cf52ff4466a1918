package dev.potluck.peer;

import dev.potluck.content.PotluckException;
import dev.potluck.directory.Endpoint;
import dev.potluck.directory.PeerId;
import dev.potluck.wire.Greeting;
import dev.potluck.wire.PeerClient;
import dev.potluck.wire.Whereabouts;
import dev.potluck.wire.WireLimits;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

/// How members find each other when they have moved, and hear of a directory that took the place of
/// theirs: while the directory is away, or members are missed, each tells all it can reach where it
/// is, and hears from them where others are.
final class Greeter implements AutoCloseable {
  private static final Logger LOG = System.getLogger(Greeter.class.getName());
  private static final Duration PATIENCE = Duration.ofSeconds(2);
  private static final Duration FIRST_REST = Duration.ofMillis(200);
  private static final Duration REST = Duration.ofSeconds(2);

  /// Who is missed may be away for long.
  private static final Duration REST_BETWEEN_CALLS = Duration.ofSeconds(5);

  private static final int GREETED_MAX = 64;

  private final Whereabouts self;
  private final PeerBook book;
  private final PeerClient peers;
  private final Supplier<List<Endpoint>> addresses;
  private final Party party;
  private final Thread thread;
  private long lookedNanos = System.nanoTime() - REST_BETWEEN_CALLS.toNanos();

  /// What this machine has to do with the party.
  interface Party {
    /// Whether this machine looks for the directory.
    boolean isLost();

    /// Whether members are looked for that may be away for long.
    boolean missesSomebody();

    /// The latest directory that this machine has heard of; 0 if none.
    long incarnation();

    /// A member knows a directory.
    void heard(long incarnation);

    /// Somebody turned out to be elsewhere.
    void moved();
  }

  /// @param addresses where members may be
  Greeter(
      Whereabouts self,
      PeerBook book,
      PeerClient peers,
      Supplier<List<Endpoint>> addresses,
      Party party) {
    this.self = self;
    this.book = book;
    this.peers = peers;
    this.addresses = addresses;
    this.party = party;
    this.thread = Thread.ofVirtual().name("greeter").start(this::run);
  }

  /// A member greets this machine.
  Greeting greeted(PeerId caller, Greeting told) {
    LOG.log(Level.DEBUG, "{0} says where it is", caller);
    hear(told, Optional.of(caller));
    return told();
  }

  private void run() {
    try {
      Retry rest = Retry.forEver(FIRST_REST, REST);
      while (rest.again()) {
        boolean lost = party.isLost();
        if (!lost) {
          rest = Retry.forEver(FIRST_REST, REST);
        }
        if (lost || (isTimeToLook() && party.missesSomebody())) {
          greetAll();
        }
      }
    } catch (InterruptedException e) {
      LOG.log(Level.DEBUG, "nobody is greeted any more");
    }
  }

  private boolean isTimeToLook() {
    long now = System.nanoTime();
    if (now - lookedNanos < REST_BETWEEN_CALLS.toNanos()) {
      return false;
    }
    lookedNanos = now;
    return true;
  }

  private void greetAll() throws InterruptedException {
    Set<Endpoint> all = new LinkedHashSet<>(addresses.get());
    book.whereabouts().forEach(member -> all.add(member.control()));
    all.remove(self.control());
    List<Thread> calls = new ArrayList<>();
    for (Endpoint at : all.stream().limit(GREETED_MAX).toList()) {
      calls.add(Thread.ofVirtual().name("greet-" + at).start(() -> greet(at)));
    }
    for (Thread call : calls) {
      call.join();
    }
  }

  private void greet(Endpoint at) {
    try {
      Greeting answer = peers.greet(at, told(), PATIENCE);
      hear(answer, answer.members().stream().map(Whereabouts::peer).findFirst());
    } catch (PotluckException e) {
      LOG.log(Level.DEBUG, "nobody of the party at {0}: {1}", at, e.getMessage());
    }
  }

  private Greeting told() {
    List<Whereabouts> all = new ArrayList<>();
    all.add(self);
    book.whereabouts().stream()
        .filter(member -> !member.peer().equals(self.peer()))
        .limit(WireLimits.WHEREABOUTS - 1)
        .forEach(all::add);
    return new Greeting(party.incarnation(), all);
  }

  /// @param from a stranger, in a party that is open to all, and its directory are not this party's
  private void hear(Greeting told, Optional<PeerId> from) {
    try {
      List<Whereabouts> others =
          told.members().stream().filter(m -> !m.peer().equals(self.peer())).toList();
      boolean knowsThisMachine = others.size() < told.members().size();
      Optional<Whereabouts> newcomer =
          others.stream().filter(m -> Optional.of(m.peer()).equals(from)).findFirst();
      boolean news = knowsThisMachine && newcomer.isPresent() && book.meet(newcomer.get());
      if (book.hear(others) || news) {
        party.moved();
      }
    } catch (IOException e) {
      LOG.log(Level.WARNING, "cannot note where members are: {0}", e.getMessage());
    }
    if (from.flatMap(book::holder).isPresent()) {
      party.heard(told.incarnation());
    }
  }

  @Override
  public void close() {
    thread.interrupt();
  }
}
