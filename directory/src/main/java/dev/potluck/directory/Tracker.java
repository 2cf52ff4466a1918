package dev.potluck.directory;

import dev.potluck.content.Name;
import dev.potluck.content.Version;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// One seat of the directory: the hard state, and in memory who is here and who holds what.
///
/// The host, on one thread:
///
///     tracker.enlisting(peer, hello)            a command first, if any: apply it durably
///     tracker.begin(peer, hello, now)           then the session
///     var announced = tracker.announce(session, announcement, now);
///     … send announced.verdicts() …
///     announced.proposal(): write its command to the log; then
///     Result result = tracker.directory().apply(proposal.command(), now);
///     … send tracker.committed(proposal, result, now), which is the rest of the verdicts …
///
/// Every command that is applied is reported by {@link #committed}, whoever asked for it
/// ({@link Proposal#of}). Facts of one session on one name keep their order, also while a proposal
/// is on its way.
public final class Tracker {
  /// Deletions are forgotten so often, ...
  private static final Duration FORGETS_EVERY = Duration.ofHours(1);

  /// ... or, where they are not remembered for long, so many times in that while.
  private static final int FORGETS_WITHIN = 4;

  private final Directory directory;
  private final Leases leases;
  private final Presences presences;
  private final Holdings holdings;
  private final LastCopies lastCopies;
  private final Views views;
  private Instant learningUntil;
  private boolean learning;
  private Instant forgetsAt;

  /// @param start from when on a lease is waited before the directory knows what is held
  /// @param returning whether this directory was there before: only then has it something to learn
  public Tracker(Directory directory, Leases leases, Instant start, boolean returning) {
    this.directory = directory;
    this.leases = leases;
    this.presences = new Presences(leases.lease());
    this.holdings = new Holdings(directory.names(), presences);
    this.lastCopies = new LastCopies(directory.names(), holdings);
    this.views = new Views(directory, presences, holdings);
    this.learningUntil = start.plus(leases.lease());
    this.learning = returning;
    this.forgetsAt = start;
  }

  public Directory directory() {
    return directory;
  }

  /// The command that must be applied before this peer's session can begin, if any.
  public Optional<Proposal> enlisting(PeerId peer, Hello hello) {
    return directory.party().isEnlisted(peer, hello.name())
        ? Optional.empty()
        : Optional.of(Proposal.of(new Command.Enlist(peer, hello.name())));
  }

  /// Begins a session; one that the peer still had ends.
  ///
  /// @throws dev.potluck.content.DeniedException if the peer left or was expelled
  public Started begin(PeerId peer, Hello hello, Instant now) {
    if (directory.isDenied(peer)) {
      throw directory.party().expelled(peer).exception();
    }
    boolean missed = directory.forgotten().isMissedBy(hello.contact());
    Presence presence = presences.begin(peer, hello, missed, now);
    Welcome welcome =
        new Welcome(
            directory.party().nameOf(peer),
            directory.incarnation(),
            leases.lease(),
            leases.refresh(),
            leases.memory(),
            isLearning(now),
            presence.digest());
    return new Started(presence.session(), welcome);
  }

  /// Takes what a peer announces. What a session says that has ended is not heard.
  public Announced announce(int session, Announcement announcement, Instant now) {
    Presence presence = presences.ofSession(session);
    if (presence == null) {
      return new Announced(List.of(), Optional.empty());
    }
    presence.heard(now);
    presence.busy(true);
    if (announcement.starts()) {
      presences.beginEpoch(presence);
      presence.startsList();
    }
    boolean certain = !isLearning(now) && allSaid();
    Judge judge = directory.judge(presence.peer, presence.hello().contact(), now);
    Intake intake = new Intake(directory.names(), holdings, lastCopies, presence, judge, certain);
    announcement.facts().forEach(intake::take);
    Announced announced = intake.announced(session);
    if (announcement.ends()) {
      presence.endsList();
      completeIfSaid(presence);
    }
    return announced;
  }

  /// Takes the result of a command that was applied.
  ///
  /// @return verdicts for the session of the proposal, if it still runs
  public List<Verdict> committed(Proposal proposal, Result result, Instant now) {
    holdings.adoptStrays(result.changes().entries());
    return switch (proposal.command()) {
      case Command.Learn learn -> learned(proposal.session(), learn, result);
      case Command.Commit(PeerId by, List<Fact.Edited> edits)
          when result instanceof Result.Committed(List<Version> versions, _) ->
          held(presences.ofPeer(by), edits, versions);
      case Command.Expel(PeerId peer) -> gone(presences.ofPeer(peer));
      case Command.DeclareDead(PeerId peer) -> {
        Presence presence = presences.ofPeer(peer);
        if (presence == null || !presence.isAlive(now)) {
          yield gone(presence);
        }
        // It spoke up while it was being talked about: the hello of its next session says so.
        presences.end(presence);
        yield List.of();
      }
      case Command _ -> List.of();
    };
  }

  /// A proposal that could not be made durable: its session ends, and the peer has to announce in
  /// full in the next.
  public void abandoned(Proposal proposal) {
    Presence presence = presences.ofSession(proposal.session());
    if (presence != null) {
      presences.end(presence);
    }
  }

  /// Extends a lease.
  public Pulse heartbeat(int session, Load load, FactDigest digest, Instant now) {
    Presence presence = presences.ofSession(session);
    if (presence == null) {
      return Pulse.ENDED;
    }
    presence.heard(now);
    presence.load(load);
    boolean comparable = presence.isQuiet();
    presence.busy(false);
    if (!comparable) {
      return Pulse.FINE;
    }
    if (!presence.digest().equals(digest)) {
      presence.busy(true);
      return Pulse.SEND_ALL;
    }
    if (!presence.isComplete()) {
      complete(presence);
    }
    return Pulse.FINE;
  }

  /// Ends a session at once, as when a peer says goodbye. A stream that just breaks need not be
  /// reported: the lease goes on, and the peer returns or not.
  public void end(int session) {
    Presence presence = presences.ofSession(session);
    if (presence != null) {
      presences.end(presence);
    }
  }

  /// This tracker's process stood still for so long. What was said to it meanwhile is not heard
  /// yet: nobody's lease is over for that.
  public void stoodStill(Duration gap) {
    presences.all().forEach(presence -> presence.excuse(gap));
    learningUntil = learningUntil.plus(gap);
  }

  /// Lets time pass; to be called about every second. Its `ended` are all sessions that ended since
  /// the last call, for whatever reason: their streams are to be closed.
  public Ticked tick(Instant now) {
    List<Presence> over = new ArrayList<>();
    for (Presence presence : presences.all()) {
      if (presence.session() != Proposal.NO_SESSION && !presence.isAlive(now)) {
        over.add(presence);
      }
    }
    over.forEach(presences::end);
    holdings.sweepStrays();
    return new Ticked(presences.takeEnded(), due(now).map(Proposal::of));
  }

  /// What is to be changed because time has passed, if anything: the most urgent.
  private Optional<Command> due(Instant now) {
    List<Long> lapsed = lapsed(now);
    if (!lapsed.isEmpty()) {
      return Optional.of(new Command.Expire(lapsed));
    }
    if (!isLearning(now) && allSaid()) {
      Optional<Command> gone = lastCopies.due();
      if (gone.isPresent()) {
        return gone;
      }
    }
    return forgetting(now);
  }

  /// Looked for now and then: that passes over all names.
  private Optional<Command> forgetting(Instant now) {
    if (now.isBefore(forgetsAt)) {
      return Optional.empty();
    }
    Duration memory = leases.memory();
    Duration rest = memory.dividedBy(FORGETS_WITHIN);
    forgetsAt = now.plus(rest.compareTo(FORGETS_EVERY) < 0 ? rest : FORGETS_EVERY);
    return directory.names().hasDeletions(now.minus(memory))
        ? Optional.of(new Command.Forget(memory))
        : Optional.empty();
  }

  /// The tokens of locks whose owner has not been heard for a lease: since its last word, or, if
  /// this tracker never heard it, since it began.
  private List<Long> lapsed(Instant now) {
    List<Long> tokens = new ArrayList<>();
    for (NameLock lock : directory.locks().all()) {
      Presence owner = presences.ofPeer(lock.owner());
      if (owner == null ? now.isAfter(learningUntil) : owner.isOver(now)) {
        tokens.add(lock.token());
      }
    }
    return tokens;
  }

  /// Whether a peer's session runs and its lease is not over: who waits for a lock without one must
  /// not get it.
  public boolean isHere(PeerId peer, Instant now) {
    Presence presence = presences.ofPeer(peer);
    return presence != null && presence.isAlive(now);
  }

  /// The session that a peer has; {@link Proposal#NO_SESSION} if it has none.
  public int sessionOf(PeerId peer) {
    Presence presence = presences.ofPeer(peer);
    return presence == null ? Proposal.NO_SESSION : presence.session();
  }

  /// Whether an unknown name may still turn out to exist.
  public boolean isLearning(Instant now) {
    learning =
        learning
            && now.isBefore(learningUntil)
            && !(directory.party().active().iterator().hasNext() && allSaid());
    return learning;
  }

  /// The name and who has it.
  ///
  /// @throws dev.potluck.content.NoSuchNameException if there is no such name, or not any more
  /// @throws dev.potluck.content.UnavailableException if it is unknown and the directory is still
  ///   learning
  public Found find(Name name, Instant now) {
    return views.find(name, now, isLearning(now));
  }

  /// A page of the names that exist, in order.
  ///
  /// @param under the folder to list, with itself; all if null
  /// @param after the last name of the page before, null for the first page
  /// @param holder only what this peer has, if not null
  public List<Listed> list(
      @Nullable Name under, @Nullable Name after, @Nullable PeerId holder, int limit, Instant now) {
    return views.list(under, after, holder, limit, now);
  }

  /// What is known of a name, oldest first.
  ///
  /// @throws dev.potluck.content.NoSuchNameException if there never was such a name
  /// @throws dev.potluck.content.UnavailableException if it is unknown and the directory is still
  ///   learning
  public List<Entry> history(Name name, Instant now) {
    return views.history(name, isLearning(now));
  }

  /// The locks there are on these names.
  public List<HeldLock> locksOn(List<Name> names) {
    return names.stream().flatMap(name -> directory.locks(name).stream()).map(views::held).toList();
  }

  /// The locks that a peer has.
  public List<HeldLock> locksOf(PeerId owner) {
    return directory.locks(owner).stream().map(views::held).toList();
  }

  public List<Member> members(Instant now) {
    return views.members(now);
  }

  private List<Verdict> learned(int session, Command.Learn learn, Result result) {
    Presence presence = presences.ofSession(session);
    if (presence == null) {
      return List.of();
    }
    presence.settled(learn.facts());
    List<Verdict> answers = new ArrayList<>();
    for (int i = 0; i < learn.facts().size(); i++) {
      Fact fact = learn.facts().get(i);
      Verdict verdict =
          switch (result) {
            case Result.Learned(List<Verdict> verdicts, _) -> verdicts.get(i);
            case Result.Refused refused -> new Verdict.Rejected(fact.name(), refused.why());
            case Result other ->
                throw new IllegalArgumentException("not of this command: " + other);
          };
      if (holdings.settle(presence, fact, verdict)) {
        answers.add(verdict);
      }
    }
    completeIfSaid(presence);
    return answers;
  }

  private List<Verdict> held(
      @Nullable Presence presence, List<Fact.Edited> edits, List<Version> versions) {
    if (presence != null && presence.session() != Proposal.NO_SESSION) {
      presence.busy(true);
      for (int i = 0; i < edits.size(); i++) {
        Fact.Edited edit = edits.get(i);
        holdings.record(presence, edit.name(), versions.get(i), edit.reason());
      }
    }
    return List.of();
  }

  private List<Verdict> gone(@Nullable Presence presence) {
    if (presence != null) {
      presences.remove(presence);
    }
    lastCopies.look();
    return List.of();
  }

  private void completeIfSaid(Presence presence) {
    if (presence.hasSaidAll()) {
      complete(presence);
    }
  }

  private void complete(Presence presence) {
    presences.completed(presence);
    lastCopies.look();
  }

  /// Whether every member has said what it holds since this tracker started.
  private boolean allSaid() {
    for (Saved.Joined member : directory.party().active()) {
      Presence presence = presences.ofPeer(member.peer());
      if (presence == null || !presence.isComplete()) {
        return false;
      }
    }
    return true;
  }
}
