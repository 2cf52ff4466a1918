package dev.potluck.peer;

import dev.potluck.consensus.LogMessage;
import dev.potluck.consensus.LogSettings;
import dev.potluck.consensus.LogTransport;
import dev.potluck.consensus.ReplicatedLog;
import dev.potluck.consensus.ReplicatedState;
import dev.potluck.content.DeniedException;
import dev.potluck.content.FailedException;
import dev.potluck.content.PotluckException;
import dev.potluck.content.UnavailableException;
import dev.potluck.content.UsageException;
import dev.potluck.directory.Endpoint;
import dev.potluck.directory.Epoch;
import dev.potluck.directory.PeerId;
import dev.potluck.directory.Saved;
import dev.potluck.wire.AuthorityCopy;
import dev.potluck.wire.PeerClient;
import dev.potluck.wire.SavedCodec;
import dev.potluck.wire.SeatOffer;
import dev.potluck.wire.SeatService;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Collection;
import java.util.Iterator;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import java.util.function.LongFunction;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/// This machine's seat at the directory, if it has one: its log in the state folder, and how seats
/// talk to each other. Thread-safe.
final class DirectorySeat implements SeatService, AutoCloseable {
  private static final Logger LOG = System.getLogger(DirectorySeat.class.getName());

  /// An answer that takes longer is no use to the engine, which asks again.
  private static final Duration ANSWER = Duration.ofSeconds(1);

  /// Of a link that is too slow for more, a long message takes its time.
  private static final int SLOWEST_BYTES_PER_MS = 100;

  private static final Duration SNAPSHOT_ANSWER = Duration.ofSeconds(20);

  private static final SecureRandom CHANCE = new SecureRandom();

  private final Station station;
  private final LogFolder folder;
  private final DirectoryHost host;
  private final PeerClient peers;
  private final Function<PeerId, Optional<Endpoint>> whereabouts;
  private final Predicate<PeerId> seated;

  /// Held while a seat is taken or given up.
  private final ReentrantLock change = new ReentrantLock();

  /// Guarded by the lock.
  private boolean closed;

  private volatile @Nullable ReplicatedLog log;
  private volatile long takenNanos = System.nanoTime();

  /// Who gave this seat, until the log says who has one.
  private volatile @Nullable PeerId giver;

  /// @param state the state folder
  /// @param whereabouts where a seat is at the moment
  /// @param seated whether a member keeps the directory, as the directory said last
  DirectorySeat(
      Station station,
      Path state,
      DirectoryHost host,
      PeerClient peers,
      Function<PeerId, Optional<Endpoint>> whereabouts,
      Predicate<PeerId> seated) {
    this.seated = seated;
    this.station = station;
    this.folder = new LogFolder(state);
    this.host = host;
    this.peers = peers;
    this.whereabouts = whereabouts;
  }

  /// How a log is opened.
  @FunctionalInterface
  private interface Opening {
    ReplicatedLog open(
        UUID group, LogSettings settings, LogTransport transport, ReplicatedState state)
        throws IOException;
  }

  /// Goes on with the log that lies here, or begins the party's.
  ///
  /// @param founds whether the party begins here, if no log lies here
  void open(boolean founds) throws IOException {
    change.lock();
    try {
      folder.finish(epochHere());
      Optional<UUID> known = ReplicatedLog.in(folder.current());
      if (known.isPresent()) {
        open(known.get(), ReplicatedLog::reopen);
        if (founds && isAbandoned()) {
          // It was begun, and crashed before there was anything in it.
          log = null;
          host.unseat();
          folder.delete();
          open(group(Epoch.FIRST), ReplicatedLog::found);
        }
      } else if (founds) {
        open(group(Epoch.FIRST), ReplicatedLog::found);
      }
    } finally {
      change.unlock();
    }
  }

  private void open(UUID group, Opening opening) throws IOException {
    Files.createDirectories(folder.current());
    String self = station.identity().id().text();
    takenNanos = System.nanoTime();
    host.seat(
        incarnation(group),
        replica -> {
          ReplicatedLog opened =
              opening.open(group, LogSettings.of(folder.current(), self), this::call, replica);
          log = opened;
          return new AgreedLog(opened);
        });
  }

  /// A new log, of that epoch.
  private static UUID group(int epoch) {
    return new UUID(Epoch.incarnation(epoch, CHANCE.nextLong()), CHANCE.nextLong());
  }

  /// The same on every seat, and another for every log.
  private static long incarnation(UUID group) {
    return group.getMostSignificantBits();
  }

  /// Of the directory that this machine has a seat at; 0 without one.
  long incarnation() {
    ReplicatedLog open = log;
    return open == null ? 0 : incarnation(open.group());
  }

  boolean isTaken() {
    return log != null;
  }

  /// The log, while this machine has a seat.
  Optional<ReplicatedLog> log() {
    return Optional.ofNullable(log);
  }

  /// What other machines need to take a seat beside this one.
  SeatOffer offer() {
    ReplicatedLog open = log;
    if (open == null) {
      throw new UnavailableException("this machine has no seat at the directory");
    }
    return new SeatOffer(open.group(), station.authority().map(authority -> authority.copy()));
  }

  /// Stands for election at once: who led is gone.
  void succeed(PeerId gone) {
    ReplicatedLog open = log;
    if (open == null) {
      return;
    }
    try {
      if (open.succeed(gone.text())) {
        LOG.log(Level.DEBUG, "{0} led and is gone: this machine stands for election", gone);
      }
    } catch (IOException e) {
      LOG.log(Level.DEBUG, "the log elects when its time comes: {0}", e.getMessage());
    }
  }

  private byte[] call(String seat, LogMessage kind, byte[] message) throws IOException {
    PeerId peer = PeerId.of(seat);
    Endpoint at =
        whereabouts.apply(peer).orElseThrow(() -> new IOException("nobody knows where it is"));
    Duration patience =
        kind == LogMessage.SNAPSHOT
            ? SNAPSHOT_ANSWER
            : ANSWER.plusMillis(message.length / SLOWEST_BYTES_PER_MS);
    try {
      return peers.say(at, peer, number(kind), message, patience);
    } catch (PotluckException e) {
      throw new IOException(e.getMessage(), e);
    }
  }

  @SuppressWarnings("EnumOrdinal") // the numbers are the protocol: constants are only appended
  private static int number(LogMessage kind) {
    return kind.ordinal();
  }

  @Override
  public byte[] say(PeerId caller, int kind, byte[] body) {
    LogMessage[] kinds = LogMessage.values();
    if (kind < 0 || kind >= kinds.length) {
      throw new UsageException("a seat says what this version does not know: " + kind);
    }
    ReplicatedLog open = log;
    if (open == null) {
      throw new UnavailableException("this machine has no seat at the directory");
    }
    Set<String> seats = open.seats();
    boolean heard =
        seats.contains(caller.text())
            || seated.test(caller)
            || (seats.isEmpty() && caller.equals(giver));
    if (!heard) {
      throw new DeniedException("only who keeps the directory is heard here");
    }
    try {
      return open.handle(caller.text(), kinds[kind], body);
    } catch (IOException e) {
      throw new UnavailableException(String.valueOf(e.getMessage()), e);
    }
  }

  @Override
  public void take(PeerId caller, SeatOffer offer) {
    if (!seated.test(caller)) {
      throw new DeniedException("only who keeps the directory offers seats");
    }
    change.lock();
    try {
      if (closed) {
        throw new UnavailableException("this machine is ending");
      }
      ReplicatedLog open = log;
      if (open != null && open.group().equals(offer.log())) {
        if (open.isKept()) {
          takenNanos = System.nanoTime();
          return;
        }
        // It was taken away a moment ago: what lies here is not the log any more.
      } else if (open != null && !isAbandoned() && !giveWay(incarnation(offer.log()))) {
        throw new UsageException("this machine keeps another party's directory");
      }
      leaveSeat();
      if (offer.authority().isPresent()) {
        station.adopt(offer.authority().get());
      }
      giver = caller;
      open(offer.log(), ReplicatedLog::take);
      LOG.log(Level.INFO, "{0} gave this machine a seat at the directory", caller);
    } catch (IOException e) {
      throw new FailedException("the seat cannot be taken: " + e.getMessage(), e);
    } finally {
      change.unlock();
    }
  }

  @Override
  public void keep(PeerId caller, AuthorityCopy authority) {
    if (!seated.test(caller)) {
      throw new DeniedException("only who keeps the directory hands its authority on");
    }
    try {
      station.adopt(authority);
    } catch (IOException e) {
      throw new FailedException("the authority cannot be kept: " + e.getMessage(), e);
    }
  }

  /// Whether this seat was never filled.
  private boolean isAbandoned() {
    ReplicatedLog open = log;
    return open == null || open.seats().isEmpty();
  }

  /// The directory says who keeps it: a seat that is not among them is over.
  ///
  /// @param incarnation of the directory that says so: another one has nothing to say of this seat
  /// @param grace how long ago it must have been taken: the news may be older than the seat
  void confirmed(long incarnation, Collection<PeerId> seats, Duration grace) {
    change.lock();
    try {
      ReplicatedLog open = log;
      boolean over =
          open != null
              && incarnation == incarnation(open.group())
              && !seats.isEmpty()
              && !seats.contains(station.identity().id())
              && System.nanoTime() - takenNanos > grace.toNanos();
      if (!over) {
        return;
      }
      leaveSeat();
      LOG.log(Level.INFO, "this machine''s seat at the directory went to another");
    } catch (IOException e) {
      LOG.log(Level.WARNING, "the log of a seat that is over stays: {0}", e.getMessage());
    } finally {
      change.unlock();
    }
  }

  /// Another directory of the party says that it is there: if it took the place of the one that
  /// this seat keeps, the seat is over, and its log is kept aside.
  ///
  /// @return whether that is so
  boolean giveWay(long incarnation) {
    change.lock();
    try {
      ReplicatedLog open = log;
      if (open == null || !Epoch.supersedes(incarnation, incarnation(open.group()))) {
        return false;
      }
      closeSeat();
      folder.setAside(Epoch.of(incarnation(open.group())));
      LOG.log(
          Level.WARNING,
          "the party''s directory was begun anew elsewhere (epoch {0}): this machine''s seat is over",
          Epoch.of(incarnation));
      return true;
    } catch (IOException e) {
      throw new FailedException("the log of a seat that is over stays: " + e.getMessage(), e);
    } finally {
      change.unlock();
    }
  }

  /// Begins the party's directory anew, with this machine's seat alone; what was here before is
  /// kept aside. Durable on return.
  ///
  /// @param epoch of the new directory
  /// @param state what it begins with, by its incarnation
  void beginAnew(int epoch, LongFunction<Iterator<Saved>> state) throws IOException {
    change.lock();
    try {
      UUID group = group(epoch);
      ReplicatedLog.seed(
          group,
          LogSettings.of(folder.begin(), station.identity().id().text()),
          out -> SavedCodec.write(state.apply(incarnation(group)), out));
      closeSeat();
      folder.replace(epochHere());
      open(group, ReplicatedLog::reopen);
    } finally {
      change.unlock();
    }
  }

  /// Of the log that lies here.
  private int epochHere() throws IOException {
    return ReplicatedLog.in(folder.current())
        .map(DirectorySeat::incarnation)
        .map(Epoch::of)
        .orElse(0);
  }

  /// Gives the seat up, with its log.
  private void leaveSeat() throws IOException {
    if (log != null) {
      closeSeat();
      folder.delete();
    }
  }

  private void closeSeat() {
    if (log != null) {
      log = null;
      host.unseat();
      station.isSeatNoMore();
    }
  }

  @Override
  public void close() {
    change.lock();
    try {
      closed = true;
      log = null;
      host.close();
    } finally {
      change.unlock();
    }
  }
}
