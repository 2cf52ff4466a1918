package dev.potluck.peer;

import dev.potluck.content.ContentId;
import dev.potluck.content.FailedException;
import dev.potluck.content.Name;
import dev.potluck.content.UnavailableException;
import dev.potluck.directory.Endpoint;
import dev.potluck.directory.Epoch;
import dev.potluck.directory.Hello;
import dev.potluck.directory.Leases;
import dev.potluck.directory.Load;
import dev.potluck.directory.PeerId;
import dev.potluck.wire.Greeting;
import dev.potluck.wire.PeerClient;
import dev.potluck.wire.PeerService;
import dev.potluck.wire.WireServer;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;

/// A dedicated directory that begins a party: `potluck tracker`. Holds no files. One that joins a
/// party is a {@link PeerDaemon} without files ({@link TrackerOptions#asMember}).
public final class TrackerDaemon implements AutoCloseable {
  private static final Logger LOG = System.getLogger(TrackerDaemon.class.getName());
  private static final Duration FIRST_TICKET = Duration.ofDays(1);

  /// A large log takes its time to be read.
  private static final Duration START_MAX = Duration.ofMinutes(5);

  private final Closing closing;
  private final Endpoint address;

  /// Why it ended by itself; nothing if it was closed.
  private final CompletableFuture<Optional<String>> end;

  private TrackerDaemon(
      Closing closing, Endpoint address, CompletableFuture<Optional<String>> end) {
    this.closing = closing;
    this.address = address;
    this.end = end;
  }

  /// Starts a tracker; returns once it serves.
  ///
  /// @throws dev.potluck.content.PotluckException saying why it can't
  public static TrackerDaemon start(TrackerOptions options) throws InterruptedException {
    Closing closing = new Closing();
    boolean started = false;
    try {
      TrackerDaemon daemon = start(options, closing);
      started = true;
      return daemon;
    } catch (IOException e) {
      throw new FailedException("the tracker cannot start: " + e.getMessage(), e);
    } finally {
      if (!started) {
        closing.close();
      }
    }
  }

  private static TrackerDaemon start(TrackerOptions options, Closing closing)
      throws IOException, InterruptedException {
    Clock clock = Clock.systemUTC();
    Path state = StateFolder.in(options.state());
    InstanceLock.awaitKilled(options.state());
    closing.add("lock", InstanceLock.take(options.state()));
    NativeLibraries.prepare(state);
    Station station = Station.open(state, options.membership(), Optional.empty(), clock);
    closing.add("station", station);
    PeerClient peers = new PeerClient(station.threads(), station.tls());
    closing.add("peer client", peers);
    PeerId self = station.identity().id();
    Surroundings around = new Surroundings();
    CompletableFuture<Optional<String>> end = new CompletableFuture<>();
    DirectoryHost host =
        new DirectoryHost(
            self, leases(options.rhythm()), station::admission, clock, around, station.denied());
    DirectorySeat seat =
        new DirectorySeat(station, state, host, peers, _ -> Optional.empty(), _ -> false);
    WireServer server =
        WireServer.start(
            station.threads(),
            station.tls(),
            options.presence().listen(),
            host,
            new NoFiles(host, peers, () -> end.complete(Optional.of(superseded(options)))),
            seat);
    closing.add("control port", server);
    closing.add("directory", seat);
    Endpoint address = address(options.presence(), server.port());
    around.server = Optional.of(server);
    around.addresses = List.of(address);
    if (options.memory()) {
      PartyStore store = PartyStore.open(state.resolve("directory.db"));
      host.seat(0, replica -> MemoryLog.start(self, store, replica));
    } else {
      seat.open(true);
    }
    host.awaitLeading(START_MAX);
    closing.add("inquest", Inquest.of(self, host, peers, options.rhythm(), _ -> Optional.empty()));
    station.remember(List.of());
    EventLog events = new EventLog(clock);
    closing.add(
        "control socket",
        ControlServer.open(state, new TrackerCommands(station, host, address, events)));
    hintTicket(station, host, options);
    TrackerDaemon daemon = new TrackerDaemon(closing, address, end);
    host.onFailure(
        () ->
            end.complete(
                Optional.of(
                    "the directory cannot write and ends; the log says why. Make room and start it"
                        + " again")));
    return daemon;
  }

  private static String superseded(TrackerOptions options) {
    return "while this tracker was away the party's directory was begun anew on another machine"
        + " (potluck recover): this one is over. What it knew stays in "
        + options.state();
  }

  /// A tracker keeps the directory alone: there is nobody else to ask.
  private static final class Surroundings implements DirectoryHost.Neighbourhood {
    private volatile Optional<WireServer> server = Optional.empty();
    private volatile List<Endpoint> addresses = List.of();

    @Override
    public List<Endpoint> elsewhere(Optional<PeerId> leader) {
      return List.of();
    }

    @Override
    public void ledBy(PeerId leader) {
      // Nobody else can.
    }

    @Override
    public List<Endpoint> addresses() {
      return addresses;
    }

    @Override
    public void greeted(PeerId member, Hello hello) {
      // Whoever has lost it looks for it: it is where it was.
    }

    @Override
    public void vacate(PeerId member) {
      // No member has a seat beside it.
    }

    @Override
    public void disconnect(PeerId peer) {
      server.ifPresent(open -> open.disconnect(peer));
    }
  }

  /// A closed party without members needs a first ticket.
  private static void hintTicket(Station station, DirectoryHost host, TrackerOptions options) {
    if (station.authority().isPresent() && host.members().isEmpty()) {
      LOG.log(
          Level.INFO,
          "let a machine in: potluck up --join {0}",
          host.invite(station.identity().id(), FIRST_TICKET).encode());
      LOG.log(Level.INFO, "more tickets: potluck invite --at {0}", options.state());
    }
  }

  static Leases leases(Rhythm rhythm) {
    return new Leases(rhythm.lease(), rhythm.refresh(), rhythm.memory());
  }

  static Endpoint address(Presence presence, int port) {
    return presence
        .advertise()
        .orElseGet(
            () ->
                new Endpoint(
                    Addresses.advertised(presence.listen().host(), Optional.empty()), port));
  }

  public String name() {
    return TrackerOptions.NAME;
  }

  /// An address others can join by.
  public Endpoint address() {
    return address;
  }

  /// Returns when the tracker was closed.
  ///
  /// @throws FailedException if the directory can't go on
  public void awaitEnd() throws InterruptedException {
    try {
      Optional<String> why = end.get();
      if (why.isPresent()) {
        throw new FailedException(why.get());
      }
    } catch (ExecutionException e) {
      throw new IllegalStateException(e.getCause());
    }
  }

  @Override
  public void close() {
    end.complete(Optional.empty());
    closing.close();
  }

  /// A tracker is asked for its load like a peer, and has nothing else.
  ///
  /// @param superseded is told when the party has another directory
  private record NoFiles(DirectoryHost host, PeerClient peers, Runnable superseded)
      implements PeerService {
    @Override
    public Load load(PeerId caller) {
      return new Load(0, 0);
    }

    @Override
    public BitSet locate(PeerId caller, List<ContentId> contents) {
      return new BitSet();
    }

    @Override
    public boolean reaches(PeerId caller, PeerId other) {
      Endpoint known =
          host.lastAddress(other)
              .orElseThrow(() -> new UnavailableException("it is not known here where that is"));
      return peers.answers(known, other, Inquest.PATIENCE);
    }

    @Override
    public boolean adopt(PeerId caller, List<Name> names) {
      throw new UnavailableException("a tracker keeps no files");
    }

    /// A tracker does not move, and its peers tell it where they are in their sessions.
    @Override
    public Greeting greet(PeerId caller, Greeting told) {
      long here = host.incarnation();
      // A moment after its start it does not know which directory it is.
      boolean known = here != 0;
      if (known && Epoch.of(told.incarnation()) > Epoch.of(here) && host.isMember(caller)) {
        superseded.run();
      }
      return new Greeting(here, List.of());
    }
  }
}
