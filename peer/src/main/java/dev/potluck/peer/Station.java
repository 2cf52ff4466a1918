package dev.potluck.peer;

import dev.potluck.content.DeniedException;
import dev.potluck.content.FailedException;
import dev.potluck.content.Name;
import dev.potluck.content.UnavailableException;
import dev.potluck.content.UsageException;
import dev.potluck.directory.Endpoint;
import dev.potluck.wire.Authority;
import dev.potluck.wire.AuthorityCopy;
import dev.potluck.wire.DirectoryClient;
import dev.potluck.wire.Identity;
import dev.potluck.wire.PartyTls;
import dev.potluck.wire.Ticket;
import dev.potluck.wire.WireThreads;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/// This machine's place in a party: its key, its certificate, whom it trusts, and where it knocks.
final class Station implements AutoCloseable {
  private static final Logger LOG = System.getLogger(Station.class.getName());
  private static final String AUTHORITY = "authority";
  private static final Duration ENROL_TIMEOUT = Duration.ofSeconds(5);

  private final Path folder;
  private final Identity identity;
  private final Clock clock;
  private volatile Optional<Authority> authority;
  private volatile PartyState party;
  private final DenyList denied;
  private final WireThreads threads;
  private final PartyTls tls;

  private Station(
      Path folder,
      Identity identity,
      Optional<Authority> authority,
      PartyState party,
      DenyList denied,
      WireThreads threads,
      Clock clock) {
    this.denied = denied;
    this.folder = folder;
    this.identity = identity;
    this.clock = clock;
    this.authority = authority;
    this.party = party;
    this.threads = threads;
    this.tls =
        party.open()
            ? PartyTls.open(identity, denied, clock)
            : PartyTls.closed(identity, denied, clock);
  }

  /// Finds out which party this is, founding one or being let in if it is the first time.
  ///
  /// @param folder the state folder, locked by this process
  /// @throws DeniedException if the party does not let this machine in
  /// @throws UnavailableException if nobody of the party answers in time
  static Station open(Path folder, Membership membership, Optional<Name> prefix, Clock clock)
      throws InterruptedException {
    WireThreads threads = new WireThreads();
    boolean opened = false;
    try {
      Identity identity = Identity.loadOrCreate(folder.resolve("identity"));
      Optional<PartyState> known = PartyState.load(folder);
      PartyState party =
          known.isPresent()
              ? returning(known.get(), membership, prefix, identity)
              : arriving(membership, prefix, identity, threads, clock);
      Optional<Authority> authority = authority(folder, party, identity, clock);
      DenyList denied = DenyList.open(folder.resolve("denied"));
      Station station = new Station(folder, identity, authority, party, denied, threads, clock);
      opened = true;
      return station;
    } catch (IOException e) {
      throw new FailedException("cannot read this machine's key: " + e.getMessage(), e);
    } finally {
      if (!opened) {
        threads.close();
      }
    }
  }

  private static PartyState returning(
      PartyState known, Membership membership, Optional<Name> prefix, Identity identity) {
    if (membership.open() && !known.open()) {
      throw new UsageException(
          "this folder belongs to a closed party: start it without --open, or use another folder");
    }
    List<Endpoint> addresses = known.addresses();
    if (membership.join().isPresent()) {
      addresses =
          switch (membership.join().get()) {
            case Join.At(var member) -> List.of(member);
            case Join.With(var text) -> sameParty(Ticket.parse(text), identity).addresses();
          };
    }
    return new PartyState(
        known.open(), known.founder(), addresses, prefix.isPresent() ? prefix : known.prefix());
  }

  /// A ticket given again is for its addresses only, and must be of the same party.
  private static Ticket sameParty(Ticket ticket, Identity identity) {
    boolean same =
        identity
            .credential()
            .filter(c -> c.authorityFingerprint().equals(ticket.authority()))
            .isPresent();
    if (!same) {
      throw new DeniedException(
          "this ticket is of another party than the folder's: use another folder for it");
    }
    return ticket;
  }

  private static PartyState arriving(
      Membership membership,
      Optional<Name> prefix,
      Identity identity,
      WireThreads threads,
      Clock clock)
      throws InterruptedException {
    if (membership.join().isEmpty()) {
      return new PartyState(membership.open(), true, List.of(), prefix);
    }
    return switch (membership.join().get()) {
      case Join.At(var member) when membership.open() || identity.credential().isPresent() ->
          new PartyState(membership.open(), false, List.of(member), prefix);
      case Join.At _ ->
          throw new DeniedException(
              "a closed party lets in who has a ticket: ask a member for one (potluck invite) and"
                  + " give it to --join; an open party is joined with --open");
      case Join.With(var text) -> {
        Ticket ticket = Ticket.parse(text);
        enrol(ticket, identity, threads, membership.patience(), clock);
        yield new PartyState(false, false, ticket.addresses(), prefix);
      }
    };
  }

  private static void enrol(
      Ticket ticket, Identity identity, WireThreads threads, Duration patience, Clock clock)
      throws InterruptedException {
    Retry retry = new Retry(Retry.deadline(patience));
    while (true) {
      try {
        identity.install(DirectoryClient.enrol(threads, identity, ticket, clock, ENROL_TIMEOUT));
        return;
      } catch (UnavailableException e) {
        if (!retry.again()) {
          throw new UnavailableException(
              "nobody of the party answers at " + ticket.addresses() + ": " + e.getMessage(), e);
        }
        LOG.log(Level.DEBUG, "not yet: {0}", e.getMessage());
      }
    }
  }

  /// The authority, if this machine keeps it: the founder of a closed party does, and who got a
  /// seat at the directory later.
  private static Optional<Authority> authority(
      Path folder, PartyState party, Identity identity, Clock clock) throws IOException {
    Path kept = folder.resolve(AUTHORITY);
    if (party.open() || (!party.founder() && !Authority.exists(kept))) {
      return Optional.empty();
    }
    Authority authority = Authority.loadOrCreate(kept, clock);
    if (identity.credential().isEmpty()) {
      identity.install(authority.issue(identity.request()));
    }
    return Optional.of(authority);
  }

  Identity identity() {
    return identity;
  }

  Optional<Authority> authority() {
    return authority;
  }

  /// What lets machines in, if that takes anything.
  ///
  /// @return nothing in an open party
  /// @throws UnavailableException if it takes the party's key, and this machine has no copy
  Optional<Authority> admission() {
    if (!party.open() && authority.isEmpty()) {
      throw new UnavailableException(
          "this machine keeps the directory, but has no copy of the party's key: nobody can be let"
              + " in until a machine that has one returns");
    }
    return authority;
  }

  PartyState party() {
    return party;
  }

  DenyList denied() {
    return denied;
  }

  WireThreads threads() {
    return threads;
  }

  PartyTls tls() {
    return tls;
  }

  /// Takes over the authority of the party, with a seat at its directory; durable on return.
  ///
  /// @throws DeniedException if it is another party's
  void adopt(AuthorityCopy copy) throws IOException {
    if (authority.isPresent()) {
      return;
    }
    String theirs = copy.fingerprint();
    boolean ours =
        identity.credential().filter(c -> c.authorityFingerprint().equals(theirs)).isPresent();
    if (!ours) {
      throw new DeniedException("a seat at another party's directory was offered");
    }
    Path kept = folder.resolve(AUTHORITY);
    Path arriving = folder.resolve(AUTHORITY + ".new");
    Authority.install(arriving, copy);
    Authority checked = Authority.loadOrCreate(arriving, clock);
    Authority.install(kept, checked.copy());
    authority = Optional.of(checked);
  }

  /// From now on this machine returns to the party as one that does not keep its directory.
  void isSeatNoMore() {
    party = new PartyState(party.open(), false, party.addresses(), party.prefix());
    party.save(folder);
  }

  /// Remembers the party, now that this machine is in it.
  void remember(List<Endpoint> addresses) {
    party = new PartyState(party.open(), party.founder(), addresses, party.prefix());
    party.save(folder);
  }

  @Override
  public void close() {
    threads.close();
  }
}
