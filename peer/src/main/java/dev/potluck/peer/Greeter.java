package dev.potluck.peer;

import dev.potluck.content.PotluckException;
import dev.potluck.directory.Endpoint;
import dev.potluck.directory.PeerId;
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
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/// How members find each other when they have moved: while the directory is away, each tells all it
/// can reach where it is, and hears from them where others are.
final class Greeter implements AutoCloseable {
  private static final Logger LOG = System.getLogger(Greeter.class.getName());
  private static final Duration PATIENCE = Duration.ofSeconds(2);
  private static final Duration FIRST_REST = Duration.ofMillis(200);
  private static final Duration REST = Duration.ofSeconds(2);
  private static final int GREETED_MAX = 64;

  private final Whereabouts self;
  private final PeerBook book;
  private final PeerClient peers;
  private final Supplier<List<Endpoint>> addresses;
  private final BooleanSupplier needed;
  private final Runnable news;
  private final Thread thread;

  /// @param addresses where members may be
  /// @param needed whether members are looked for at the moment
  /// @param news is told when somebody turned out to be elsewhere
  Greeter(
      Whereabouts self,
      PeerBook book,
      PeerClient peers,
      Supplier<List<Endpoint>> addresses,
      BooleanSupplier needed,
      Runnable news) {
    this.self = self;
    this.book = book;
    this.peers = peers;
    this.addresses = addresses;
    this.needed = needed;
    this.news = news;
    this.thread = Thread.ofVirtual().name("greeter").start(this::run);
  }

  /// A member greets this machine.
  List<Whereabouts> greeted(PeerId caller, List<Whereabouts> told) {
    LOG.log(Level.DEBUG, "{0} says where it is", caller);
    hear(told);
    return told();
  }

  private void run() {
    try {
      Retry rest = Retry.forEver(FIRST_REST, REST);
      while (rest.again()) {
        if (needed.getAsBoolean()) {
          greetAll();
        } else {
          rest = Retry.forEver(FIRST_REST, REST);
        }
      }
    } catch (InterruptedException e) {
      LOG.log(Level.DEBUG, "nobody is greeted any more");
    }
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
      hear(peers.greet(at, told(), PATIENCE));
    } catch (PotluckException e) {
      LOG.log(Level.DEBUG, "nobody of the party at {0}: {1}", at, e.getMessage());
    }
  }

  private List<Whereabouts> told() {
    List<Whereabouts> all = new ArrayList<>();
    all.add(self);
    book.whereabouts().stream()
        .filter(member -> !member.peer().equals(self.peer()))
        .limit(WireLimits.WHEREABOUTS - 1)
        .forEach(all::add);
    return all;
  }

  private void hear(List<Whereabouts> told) {
    try {
      if (book.hear(told.stream().filter(m -> !m.peer().equals(self.peer())).toList())) {
        news.run();
      }
    } catch (IOException e) {
      LOG.log(Level.WARNING, "cannot note where members are: {0}", e.getMessage());
    }
  }

  @Override
  public void close() {
    thread.interrupt();
  }
}
