package dev.potluck.peer;

import dev.potluck.content.Name;
import dev.potluck.directory.LockMode;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// Who of this machine has locks on one name, and who waits for them. All of it is guarded by the
/// lock of {@link FileLocks}.
final class LockTable {
  final Name name;

  /// Somebody may be free to go on.
  final Condition changed;

  /// Held by who asks the party for its lock; taken without the other one.
  final ReentrantLock asking = new ReentrantLock(true);

  final Deque<Waiter> line = new ArrayDeque<>();
  private final Map<PartyLocks.Kind, RangeLocks> held = new EnumMap<>(PartyLocks.Kind.class);

  /// What this peer has of the party's lock.
  PeerLocks.@Nullable Claim claim;

  /// How many are busy with this table.
  int users;

  LockTable(Name name, Condition changed) {
    this.name = name;
    this.changed = changed;
    for (PartyLocks.Kind kind : PartyLocks.Kind.values()) {
      held.put(kind, new RangeLocks());
    }
  }

  /// Somebody who wants a lock; each is another one.
  static final class Waiter {
    private final PartyLocks.Kind kind;
    private final FileLock wanted;
    private final boolean waits;
    private boolean claimed;

    Waiter(PartyLocks.Kind kind, FileLock wanted, boolean waits) {
      this.kind = kind;
      this.wanted = wanted;
      this.waits = waits;
    }

    PartyLocks.Kind kind() {
      return kind;
    }

    FileLock wanted() {
      return wanted;
    }

    boolean waits() {
      return waits;
    }

    /// Notes whether it has just got the party's lock, and is about to use it.
    ///
    /// @return whether it had
    boolean claims(boolean now) {
      boolean before = claimed;
      claimed = now;
      return before;
    }
  }

  RangeLocks of(PartyLocks.Kind kind) {
    return held.getOrDefault(kind, new RangeLocks());
  }

  List<FileLock> all() {
    return held.values().stream().flatMap(locks -> locks.all().stream()).toList();
  }

  boolean any(Predicate<FileLock> such) {
    return held.values().stream().anyMatch(locks -> locks.any(such));
  }

  void removeIf(Predicate<FileLock> such) {
    held.values().forEach(locks -> locks.removeIf(such));
  }

  boolean isUnused() {
    return claim == null && line.isEmpty() && held.values().stream().allMatch(RangeLocks::isEmpty);
  }

  /// Whether the party's lock that this peer has is enough.
  boolean covers(LockMode mode) {
    return claim != null && claim.mode().covers(mode);
  }

  /// What of the party's lock those need who have locks here, or have just got it.
  Optional<LockMode> need() {
    return Stream.concat(
            all().stream().map(FileLock::mode),
            line.stream().filter(waiter -> waiter.claimed).map(waiter -> waiter.wanted.mode()))
        .reduce((one, other) -> one.covers(other) ? one : other);
  }

  /// Whether the claim is exclusive, and a shared one would do.
  boolean isOverClaimed() {
    return covers(LockMode.EXCLUSIVE) && need().equals(Optional.of(LockMode.SHARED));
  }

  /// Whether nobody of this machine is in the way of one who waits: neither who has a lock, nor who
  /// came before. Who has one already does not stand behind those who wait for it.
  boolean isFree(Waiter waiter) {
    RangeLocks locks = of(waiter.kind);
    if (locks.conflict(waiter.wanted).isPresent()) {
      return false;
    }
    if (!waiter.waits || locks.any(lock -> lock.owner() == waiter.wanted.owner())) {
      return true;
    }
    boolean othersTurn = claim != null && claim.isWanted() && !waiter.claimed;
    return !othersTurn && before(waiter).noneMatch(one -> isInTheWay(one, waiter));
  }

  private Stream<Waiter> before(Waiter waiter) {
    return line.stream().takeWhile(one -> one != waiter);
  }

  private static boolean isInTheWay(Waiter one, Waiter other) {
    return one.waits && one.kind == other.kind && one.wanted.conflictsWith(other.wanted);
  }

  /// Whether whoever has what this one waits for waits, by whatever way, for what this one has.
  static boolean isDeadlock(Collection<LockTable> tables, Waiter waiter) {
    Set<Long> seen = new HashSet<>();
    Deque<Long> open = new ArrayDeque<>(blockers(tables, waiter.wanted.owner()));
    while (!open.isEmpty()) {
      long owner = open.pop();
      if (owner == waiter.wanted.owner()) {
        return true;
      }
      if (seen.add(owner)) {
        open.addAll(blockers(tables, owner));
      }
    }
    return false;
  }

  private static Set<Long> blockers(Collection<LockTable> tables, long owner) {
    Set<Long> blockers = new HashSet<>();
    for (LockTable table : tables) {
      for (Waiter waiter : table.line) {
        if (waiter.kind == PartyLocks.Kind.FCNTL && waiter.wanted.owner() == owner) {
          table.of(waiter.kind).all().stream()
              .filter(waiter.wanted::conflictsWith)
              .forEach(lock -> blockers.add(lock.owner()));
        }
      }
    }
    return blockers;
  }
}
