package dev.potluck.directory;

import dev.potluck.content.Name;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/// Who may write what: of a name either one peer has the exclusive lock, or any number have shared
/// ones. By name and not by what lies below it. Hard state. Knows no time: that a lease is over is
/// a command.
final class Locks {
  /// More locks than a party of programs holds at a time, and few enough for any memory.
  static final int MAX_LOCKS = 65_536;

  /// More than a machine writes at a time, and few enough that they fit into one message.
  static final int MAX_LOCKS_OF_PEER = 1_000;

  private final Party party;
  private final SortedMap<Name, List<NameLock>> byName = new TreeMap<>();
  private int count;
  private long lastToken = NameLock.NO_TOKEN;

  /// @param party says what people call a holder
  Locks(Party party) {
    this.party = party;
  }

  List<NameLock> of(Name name) {
    return List.copyOf(byName.getOrDefault(name, List.of()));
  }

  Collection<NameLock> all() {
    return byName.values().stream().flatMap(List::stream).toList();
  }

  List<NameLock> of(PeerId owner) {
    return byName.values().stream()
        .flatMap(List::stream)
        .filter(lock -> lock.owner().equals(owner))
        .toList();
  }

  /// The greatest token that was given out.
  long lastToken() {
    return lastToken;
  }

  /// Locks a name that nobody else has in a mode that conflicts. A peer that has such a lock
  /// already gets the same again: it may not have heard the answer. One that had a shared lock and
  /// takes the exclusive one has that instead.
  Result take(Command.Lock command) {
    Name name = command.name();
    NameLock own = held(name, command.by());
    if (own != null && own.mode().covers(command.mode())) {
      return new Result.Locked(own);
    }
    NameLock other = other(name, command.by(), command.mode());
    if (other != null) {
      return new Result.Refused(Refusal.LOCKED, heldBy(other));
    }
    if (own == null && (count >= MAX_LOCKS || of(command.by()).size() >= MAX_LOCKS_OF_PEER)) {
      return new Result.Refused(
          Refusal.CONFLICT,
          "too many locks: a peer can have %d, a party %d; unlock some"
              .formatted(MAX_LOCKS_OF_PEER, MAX_LOCKS));
    }
    NameLock lock = new NameLock(name, command.by(), command.mode(), ++lastToken);
    if (own != null) {
      remove(own);
    }
    add(lock);
    return new Result.Locked(lock);
  }

  private @Nullable NameLock held(Name name, PeerId by) {
    return first(name, lock -> lock.owner().equals(by));
  }

  private @Nullable NameLock other(Name name, PeerId by, LockMode mode) {
    return first(name, lock -> !lock.owner().equals(by) && lock.mode().conflictsWith(mode));
  }

  private @Nullable NameLock first(Name name, Predicate<NameLock> wanted) {
    return byName.getOrDefault(name, List.of()).stream().filter(wanted).findFirst().orElse(null);
  }

  private void add(NameLock lock) {
    byName.computeIfAbsent(lock.name(), _ -> new ArrayList<>(1)).add(lock);
    count++;
  }

  private void remove(NameLock lock) {
    removeIf(lock.name(), lock::equals);
  }

  private void removeIf(Name name, Predicate<NameLock> gone) {
    byName.computeIfPresent(
        name,
        (_, locks) -> {
          int before = locks.size();
          locks.removeIf(gone);
          count -= before - locks.size();
          return locks.isEmpty() ? null : locks;
        });
  }

  /// Gives a lock back.
  ///
  /// @param known whether there is such a name, for the message
  Result release(Command.Unlock command, boolean known) {
    Name name = command.name();
    NameLock own = held(name, command.by());
    if (own == null) {
      return notHeld(name, known);
    }
    if (command.token() != NameLock.NO_TOKEN && command.token() != own.token()) {
      return new Result.Refused(Refusal.LOCKED, isOver(name, own));
    }
    remove(own);
    return new Result.Done();
  }

  private Result notHeld(Name name, boolean known) {
    NameLock other = first(name, _ -> true);
    if (other != null) {
      return new Result.Refused(Refusal.LOCKED, heldBy(other) + ", who alone can unlock it");
    }
    return known
        ? new Result.Refused(Refusal.CONFLICT, name + " is not locked")
        : new Result.Refused(Refusal.NO_SUCH_NAME, "no such name, and no lock on it: " + name);
  }

  /// Makes an exclusive lock a shared one, under the same token.
  Result share(Command.Share command) {
    Name name = command.name();
    NameLock own = held(name, command.by());
    if (own == null || own.token() != command.token()) {
      return new Result.Refused(Refusal.LOCKED, isOver(name, first(name, _ -> true)));
    }
    remove(own);
    add(new NameLock(name, own.owner(), LockMode.SHARED, own.token()));
    return new Result.Done();
  }

  /// Frees the locks with these tokens: their owners' leases are over.
  Result expire(Collection<Long> tokens) {
    removeAll(lock -> tokens.contains(lock.token()));
    return new Result.Done();
  }

  /// Frees all that a peer has: it is no member any more.
  void forget(PeerId owner) {
    removeAll(lock -> lock.owner().equals(owner));
  }

  private void removeAll(Predicate<NameLock> gone) {
    List.copyOf(byName.keySet()).forEach(name -> removeIf(name, gone));
  }

  /// Why a peer must not write a name now; null if it may. Who has a shared lock has asked that
  /// nobody takes the exclusive one meanwhile; what is written without any lock it has not.
  ///
  /// @param token of the lock it believes to have, {@link NameLock#NO_TOKEN} if none
  @Nullable String obstacle(Name name, PeerId by, long token) {
    NameLock other = other(name, by, LockMode.SHARED);
    if (other != null) {
      return token == NameLock.NO_TOKEN ? heldBy(other) : isOver(name, other);
    }
    NameLock own = held(name, by);
    boolean stale =
        token != NameLock.NO_TOKEN
            && (own == null || own.token() != token || own.mode() != LockMode.EXCLUSIVE);
    return stale ? isOver(name, own) : null;
  }

  void restore(NameLock lock) {
    add(lock);
    lastToken = Math.max(lastToken, lock.token());
  }

  void restoreLastToken(long token) {
    lastToken = Math.max(lastToken, token);
  }

  private String heldBy(NameLock lock) {
    return lock.name() + " is locked by " + party.nameOf(lock.owner());
  }

  private String isOver(Name name, @Nullable NameLock now) {
    String whose = now == null ? "nobody has it now" : party.nameOf(now.owner()) + " has it now";
    return "the lock on " + name + " that this was written under is over; " + whose;
  }
}
