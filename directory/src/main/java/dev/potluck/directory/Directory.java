package dev.potluck.directory;

import dev.potluck.content.Name;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;

/// The hard state of the party: members, names with their versions now and before, tombstones, what
/// is left of forgotten ones, policies, locks, deny list, used tickets. Changes only by {@link
/// #apply}, which depends on nothing but the state and its arguments: the same commands at the same
/// times make the same directory.
///
/// Not thread-safe: it belongs to one thread, as all iterators and watches that it gives out.
public final class Directory {
  /// How many past versions of a name are remembered.
  public static final int PAST_VERSIONS_MAX = History.MAX_VERSIONS;

  private final long incarnation;
  private final NameTable names = new NameTable();
  private final Party party = new Party();
  private final Locks locks = new Locks(party);
  private final Forgotten forgotten;
  private final ChangeLog recent = new ChangeLog();
  private long revision;

  /// An empty directory.
  ///
  /// @param incarnation tells it from others: chosen at random by the host
  public Directory(long incarnation) {
    this.incarnation = incarnation;
    this.forgotten = new Forgotten(incarnation);
  }

  /// The directory that gave these items.
  ///
  /// @throws IllegalArgumentException if there is no {@link Saved.Party} first
  public static Directory restored(Iterator<Saved> items) {
    if (!items.hasNext() || !(items.next() instanceof Saved.Party(long incarnation, long at))) {
      throw new IllegalArgumentException("a snapshot starts with which directory it is of");
    }
    Directory directory = new Directory(incarnation);
    directory.revision = at;
    items.forEachRemaining(directory::restore);
    return directory;
  }

  /// Applies a command; with {@link Result.Refused} nothing has changed.
  ///
  /// @param now when it was proposed, as the log says: the same on every seat
  public Result apply(Command command, Instant now) {
    return switch (command) {
      case Command.Enlist(PeerId peer, String wish) -> party.enlist(peer, wish);
      case Command.Redeem redeem -> party.redeem(redeem, now);
      case Command.Expel(PeerId peer) -> expel(peer);
      case Command.DeclareDead(PeerId peer) -> party.declareDead(peer);
      case Command.Expire(List<Long> tokens) -> locks.expire(tokens);
      case Command.Forget(Duration after) -> forget(now.minus(after));
      case Command.Learn learn when !party.isDenied(learn.by()) -> learn(learn, now);
      case Command.Commit commit when !party.isDenied(commit.by()) ->
          recorded(edits(commit.by(), now).commit(commit.edits()));
      case Command.Delete delete when !party.isDenied(delete.by()) ->
          recorded(edits(delete.by(), now).delete(delete.names(), now));
      case Command.Move(PeerId by, Name from, Name to) when !party.isDenied(by) ->
          recorded(edits(by, now).move(from, to, now));
      case Command.Lock lock when !party.isDenied(lock.by()) -> locks.take(lock);
      case Command.Unlock unlock when !party.isDenied(unlock.by()) ->
          locks.release(unlock, entry(unlock.name()).isPresent());
      case Command.Share share when !party.isDenied(share.by()) -> locks.share(share);
      case Command.SetPolicy owed when !party.isDenied(owed.by()) -> setPolicy(owed);
      case Command.Learn(PeerId by, _, _) -> party.expelled(by);
      case Command.Commit(PeerId by, _) -> party.expelled(by);
      case Command.Delete(PeerId by, _) -> party.expelled(by);
      case Command.Move(PeerId by, _, _) -> party.expelled(by);
      case Command.Lock(PeerId by, _, _) -> party.expelled(by);
      case Command.Share(PeerId by, _, _) -> party.expelled(by);
      case Command.Unlock(PeerId by, _, _) -> party.expelled(by);
      case Command.SetPolicy(PeerId by, _, _) -> party.expelled(by);
    };
  }

  public long incarnation() {
    return incarnation;
  }

  /// Grows by one with each command that changes names.
  public long revision() {
    return revision;
  }

  /// How many names there are, without the deleted.
  public long size() {
    return names.live();
  }

  /// What is known of a name: its current version or its tombstone.
  public Optional<Entry> entry(Name name) {
    return Optional.ofNullable(names.get(name)).map(NameState::entry);
  }

  public Optional<Policy> policy(Name name) {
    return Optional.ofNullable(names.get(name)).filter(NameState::isLive).map(NameState::policy);
  }

  /// What is known of a name, oldest first: past versions and deletions, a bounded number of them,
  /// and at last what it is now. Empty if there never was such a name.
  public List<Entry> history(Name name) {
    List<Entry> all = new ArrayList<>(names.history().of(name));
    entry(name).ifPresent(all::add);
    return all;
  }

  /// Who has locks of a name: one an exclusive one, or several shared ones.
  public List<NameLock> locks(Name name) {
    return locks.of(name);
  }

  /// The locks that a peer has, by name.
  public List<NameLock> locks(PeerId owner) {
    return locks.of(owner);
  }

  /// Follows the names from a revision on: with another incarnation or a revision from the future,
  /// from a snapshot on.
  public Watch watch(long ofIncarnation, long fromRevision) {
    boolean follows = ofIncarnation == incarnation && fromRevision <= revision;
    return new Watch(this, names, recent, follows ? fromRevision : 0, !follows);
  }

  /// All hard state, item by item. Valid until the next {@link #apply}.
  public Iterator<Saved> saved() {
    List<Saved> first = new ArrayList<>();
    first.add(new Saved.Party(incarnation, revision));
    first.addAll(forgotten.saved());
    first.addAll(party.saved());
    first.add(new Saved.Tokens(locks.lastToken()));
    locks.all().forEach(lock -> first.add(new Saved.Locked(lock)));
    Iterator<NameState> all = names.after("");
    return new Iterator<>() {
      private Iterator<Saved> ready = first.iterator();

      @Override
      public boolean hasNext() {
        return ready.hasNext() || all.hasNext();
      }

      @Override
      public Saved next() {
        if (!ready.hasNext()) {
          ready = saved(all.next()).iterator();
        }
        return ready.next();
      }
    };
  }

  private List<Saved> saved(NameState state) {
    List<Saved> items = new ArrayList<>();
    items.add(new Saved.Named(state.entry(), state.policy()));
    names.history().of(state.name).forEach(entry -> items.add(new Saved.Past(entry)));
    return items;
  }

  /// In the order of their ids.
  public List<Saved.Joined> members() {
    return party.members();
  }

  public Optional<Saved.Joined> member(PeerId peer) {
    return Optional.ofNullable(party.member(peer));
  }

  /// Whether the peer left or was expelled: not let in, at any handshake.
  public boolean isDenied(PeerId peer) {
    return party.isDenied(peer);
  }

  NameTable names() {
    return names;
  }

  Party party() {
    return party;
  }

  Locks locks() {
    return locks;
  }

  Forgotten forgotten() {
    return forgotten;
  }

  /// @param contact when the peer was last in touch, before what is to be judged
  Judge judge(PeerId by, Contact contact, Instant now) {
    boolean missed = forgotten.isMissedBy(contact);
    return new Judge(names, locks, forgotten, by, party.nameOf(by), missed, now);
  }

  private Edits edits(PeerId by, Instant now) {
    return new Edits(names, forgotten, next(), judge(by, Contact.NONE, now));
  }

  private Result expel(PeerId peer) {
    locks.forget(peer);
    return party.expel(peer);
  }

  private Result learn(Command.Learn command, Instant now) {
    Judge judge = judge(command.by(), command.contact(), now);
    Transaction transaction = next();
    List<Verdict> verdicts = new ArrayList<>(command.facts().size());
    for (Fact fact : command.facts()) {
      Ruling ruling = judge.judge(fact);
      if (ruling instanceof Ruling.Becomes(var version, boolean deleted, _)) {
        transaction.set(fact.name(), version, deleted);
      }
      verdicts.add(ruling.verdict());
    }
    return recorded(new Result.Learned(verdicts, transaction.changes()));
  }

  private Result forget(Instant until) {
    forgotten.begin(until);
    names.removeDeleted(until).forEach(forgotten::add);
    return new Result.Done();
  }

  private Result setPolicy(Command.SetPolicy command) {
    NameState state = names.get(command.name());
    if (state == null || !state.isLive()) {
      return new Result.Refused(Refusal.NO_SUCH_NAME, "no such name: " + command.name());
    }
    state.policy(command.policy());
    return new Result.Done();
  }

  private Transaction next() {
    return new Transaction(names, revision + 1);
  }

  private Result recorded(Result result) {
    Changes changes = result.changes();
    if (!changes.isEmpty()) {
      revision = changes.revision();
      recent.add(changes);
    }
    return result;
  }

  private void restore(Saved item) {
    switch (item) {
      case Saved.Ancestor ancestor -> forgotten.restore(ancestor);
      case Saved.Forgotten saved -> forgotten.restore(saved);
      case Saved.Party _ -> throw new IllegalArgumentException("a second directory's snapshot");
      case Saved.Joined member -> party.restore(member);
      case Saved.Denied peer -> party.restore(peer);
      case Saved.Used ticket -> party.restore(ticket);
      case Saved.Tokens(long last) -> locks.restoreLastToken(last);
      case Saved.Locked(NameLock lock) -> locks.restore(lock);
      case Saved.Past(Entry entry) ->
          names.history().add(entry.name(), entry.version(), entry.deleted());
      case Saved.Named(Entry entry, Policy policy) -> restore(entry, policy);
    }
  }

  private void restore(Entry entry, Policy policy) {
    names.set(entry.name(), entry.version(), entry.deleted(), entry.revision()).policy(policy);
  }
}
