package dev.potluck.peer;

import dev.potluck.content.FailedException;
import dev.potluck.content.Name;
import dev.potluck.directory.Entry;
import dev.potluck.directory.Epoch;
import dev.potluck.directory.PeerId;
import dev.potluck.directory.Policy;
import dev.potluck.directory.Saved;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/// `potluck recover`: when most of those who kept the party's directory are gone for good, a
/// survivor begins it anew, in the next epoch, with what it knows. Whoever returns finds a
/// directory of a higher epoch and joins it as a peer.
final class PartyRecovery {
  private static final Logger LOG = System.getLogger(PartyRecovery.class.getName());

  /// An election is no reason to begin anew.
  private static final Duration PATIENCE = Duration.ofSeconds(5);

  /// Tokens of later epochs are greater than all of earlier ones, also of locks that nobody here
  /// has heard of.
  private static final int TOKENS_PER_EPOCH_BITS = 40;

  private final Station station;
  private final DirectoryLink link;
  private final DirectoryHost host;
  private final DirectorySeat seat;
  private final Namespace namespace;
  private final PeerBook book;
  private final LongSupplier latest;
  private final Supplier<List<PeerId>> seats;
  private final Runnable begun;

  /// @param latest the latest directory that this machine has heard of
  /// @param seats who kept the directory when it was last heard of
  /// @param begun is told when the new directory is there
  PartyRecovery(
      Station station,
      DirectoryLink link,
      DirectoryHost host,
      DirectorySeat seat,
      Namespace namespace,
      PeerBook book,
      LongSupplier latest,
      Supplier<List<PeerId>> seats,
      Runnable begun) {
    this.station = station;
    this.link = link;
    this.host = host;
    this.seat = seat;
    this.namespace = namespace;
    this.book = book;
    this.latest = latest;
    this.seats = seats;
    this.begun = begun;
  }

  /// @param confirmed false: says what would be done
  /// @throws FailedException if the directory is there, or cannot be begun
  Documents.Recovered run(boolean confirmed) throws InterruptedException {
    if (link.awaitConnected(PATIENCE)) {
      throw new FailedException(
          "the party's directory answers: there is nothing to recover (potluck status says where"
              + " it is)");
    }
    int epoch = Epoch.of(latest.getAsLong()) + 1;
    if (epoch > Epoch.LAST) {
      throw new FailedException("this party was begun anew too often: found another one");
    }
    if (confirmed) {
      begin(epoch);
    }
    boolean admits = station.party().open() || station.authority().isPresent();
    List<String> lost = seats.get().stream().filter(this::isOther).map(book::nameOf).toList();
    return new Documents.Recovered(confirmed, epoch, namespace.size(), lost, admits);
  }

  private boolean isOther(PeerId peer) {
    return !peer.equals(station.identity().id());
  }

  private void begin(int epoch) {
    try {
      List<Saved> before = host.kept();
      long ancestor = latest.getAsLong();
      seat.beginAnew(epoch, incarnation -> state(incarnation, ancestor, epoch, before));
    } catch (IOException e) {
      throw new FailedException("the directory cannot begin anew: " + e.getMessage(), e);
    }
    LOG.log(
        Level.WARNING,
        "the party''s directory begins anew here, in epoch {0}, with {1} names",
        epoch,
        namespace.size());
    begun.run();
  }

  /// What this machine knows of the party: what its seat had, if it had one, and its copy of the
  /// names. Nobody has a lock any more.
  ///
  /// @param ancestor the directory that is given up
  /// @param before the state of this machine's seat, as far as it got; may be empty
  private Iterator<Saved> state(long incarnation, long ancestor, int epoch, List<Saved> before) {
    long revision = namespace.revision();
    Map<PeerId, Saved> members = new LinkedHashMap<>();
    Map<Name, Saved.Named> names = new LinkedHashMap<>();
    List<Saved> others = new ArrayList<>();
    book.all().forEach(m -> members.put(m.peer(), joined(m.peer(), m.name())));
    PeerId self = station.identity().id();
    members.put(self, joined(self, book.selfName()));
    for (Saved item : before) {
      switch (item) {
        case Saved.Party(_, long at) -> revision = Math.max(revision, at);
        case Saved.Joined member -> members.put(member.peer(), member);
        case Saved.Named name -> names.put(name.entry().name(), name);
        case Saved.Used _, Saved.Past _, Saved.Ancestor _, Saved.Forgotten _ -> others.add(item);
        case Saved.Denied _, Saved.Tokens _, Saved.Locked _ -> {}
      }
    }
    station.denied().all().forEach(peer -> others.add(new Saved.Denied(peer)));
    for (Entry entry : namespace.all()) {
      revision = Math.max(revision, entry.revision());
      Saved.Named known = names.get(entry.name());
      if (known == null) {
        names.put(entry.name(), new Saved.Named(entry, Policy.NONE));
      } else if (known.entry().version().number() < entry.version().number()) {
        others.add(new Saved.Past(known.entry()));
        names.put(entry.name(), new Saved.Named(entry, known.policy()));
      }
    }
    List<Saved> all = new ArrayList<>();
    all.add(new Saved.Party(incarnation, revision));
    all.add(new Saved.Ancestor(ancestor, revision));
    all.addAll(members.values());
    all.add(new Saved.Tokens((long) epoch << TOKENS_PER_EPOCH_BITS));
    all.addAll(others);
    all.addAll(names.values());
    return all.iterator();
  }

  private Saved joined(PeerId peer, String name) {
    Saved.Standing standing =
        station.denied().test(peer) ? Saved.Standing.LEFT : Saved.Standing.MEMBER;
    return new Saved.Joined(peer, name, name, standing);
  }
}
