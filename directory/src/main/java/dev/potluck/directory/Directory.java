package dev.potluck.directory;

import dev.potluck.content.Name;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;

/// The hard state of the party: members, names and versions, tombstones, policies, deny list, used
/// tickets. Changes only by {@link #apply}, which depends on nothing but the state and its
/// arguments: the same commands at the same times make the same directory.
///
/// Not thread-safe: it belongs to one thread, as all iterators and watches that it gives out.
public final class Directory {
  private final long incarnation;
  private final NameTable names = new NameTable();
  private final Party party = new Party();
  private final ChangeLog recent = new ChangeLog();
  private long revision;

  /// An empty directory.
  ///
  /// @param incarnation tells it from others: chosen at random by the host
  public Directory(long incarnation) {
    this.incarnation = incarnation;
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
      case Command.Expel(PeerId peer) -> party.expel(peer);
      case Command.Learn learn when !party.isDenied(learn.by()) -> learn(learn, now);
      case Command.Commit commit when !party.isDenied(commit.by()) ->
          recorded(new Edits(names, next(), judge(commit.by(), now)).commit(commit.edits()));
      case Command.Delete delete when !party.isDenied(delete.by()) ->
          recorded(new Edits(names, next(), judge(delete.by(), now)).delete(delete.names(), now));
      case Command.Move(PeerId by, Name from, Name to) when !party.isDenied(by) ->
          recorded(new Edits(names, next(), judge(by, now)).move(from, to, now));
      case Command.SetPolicy owed when !party.isDenied(owed.by()) -> setPolicy(owed);
      case Command.Learn(PeerId by, _) -> party.expelled(by);
      case Command.Commit(PeerId by, _) -> party.expelled(by);
      case Command.Delete(PeerId by, _) -> party.expelled(by);
      case Command.Move(PeerId by, _, _) -> party.expelled(by);
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

  /// Follows the names from a revision on: with another incarnation or a revision from the future,
  /// from a snapshot on.
  public Watch watch(long ofIncarnation, long fromRevision) {
    boolean follows = ofIncarnation == incarnation && fromRevision <= revision;
    return new Watch(this, names, recent, follows ? fromRevision : 0, !follows);
  }

  /// All hard state, item by item. Valid until the next {@link #apply}.
  public Iterator<Saved> saved() {
    Iterator<Saved> others = party.saved().iterator();
    Iterator<NameState> all = names.after("");
    return new Iterator<>() {
      private boolean begun;

      @Override
      public boolean hasNext() {
        return !begun || others.hasNext() || all.hasNext();
      }

      @Override
      public Saved next() {
        if (!begun) {
          begun = true;
          return new Saved.Party(incarnation, revision);
        }
        if (others.hasNext()) {
          return others.next();
        }
        NameState state = all.next();
        return new Saved.Named(state.entry(), state.policy());
      }
    };
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

  Judge judge(PeerId by, Instant now) {
    return new Judge(names, party.nameOf(by), now);
  }

  private Result learn(Command.Learn command, Instant now) {
    Judge judge = judge(command.by(), now);
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
      case Saved.Party _ -> throw new IllegalArgumentException("a second directory's snapshot");
      case Saved.Joined member -> party.restore(member);
      case Saved.Denied peer -> party.restore(peer);
      case Saved.Used ticket -> party.restore(ticket);
      case Saved.Named(Entry entry, Policy policy) -> restore(entry, policy);
    }
  }

  private void restore(Entry entry, Policy policy) {
    names.set(entry.name(), entry.version(), entry.deleted(), entry.revision()).policy(policy);
  }
}
