package dev.potluck.directory;

import dev.potluck.content.Name;
import java.util.Collection;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// Who may write what: at most one lock a name, by name and not by what lies below it. Hard state.
/// Knows no time: that a lease is over is a command.
final class Locks {
  /// More locks than a party of programs holds at a time, and few enough for any memory.
  static final int MAX_LOCKS = 65_536;

  /// More than a machine writes at a time, and few enough that they fit into one message.
  static final int MAX_LOCKS_OF_PEER = 1_000;

  private final Party party;
  private final SortedMap<Name, WriteLock> byName = new TreeMap<>();
  private long lastToken = WriteLock.NO_TOKEN;

  /// @param party says what people call a holder
  Locks(Party party) {
    this.party = party;
  }

  @Nullable WriteLock of(Name name) {
    return byName.get(name);
  }

  Collection<WriteLock> all() {
    return byName.values();
  }

  List<WriteLock> of(PeerId owner) {
    return byName.values().stream().filter(lock -> lock.owner().equals(owner)).toList();
  }

  /// The greatest token that was given out.
  long lastToken() {
    return lastToken;
  }

  /// Locks a name that is free. A peer that has the lock already gets the same again: it may not
  /// have heard the answer.
  Result take(Name name, PeerId by) {
    WriteLock held = byName.get(name);
    if (held != null && held.owner().equals(by)) {
      return new Result.Locked(held);
    }
    if (held != null) {
      return new Result.Refused(Refusal.LOCKED, heldBy(held));
    }
    if (byName.size() >= MAX_LOCKS || of(by).size() >= MAX_LOCKS_OF_PEER) {
      return new Result.Refused(
          Refusal.CONFLICT,
          "too many locks: a peer can have %d, a party %d; unlock some"
              .formatted(MAX_LOCKS_OF_PEER, MAX_LOCKS));
    }
    WriteLock lock = new WriteLock(name, by, ++lastToken);
    byName.put(name, lock);
    return new Result.Locked(lock);
  }

  /// Gives a lock back.
  ///
  /// @param known whether there is such a name, for the message
  Result release(Command.Unlock command, boolean known) {
    Name name = command.name();
    WriteLock held = byName.get(name);
    if (held == null) {
      return known
          ? new Result.Refused(Refusal.CONFLICT, name + " is not locked")
          : new Result.Refused(Refusal.NO_SUCH_NAME, "no such name, and no lock on it: " + name);
    }
    if (!held.owner().equals(command.by())) {
      return new Result.Refused(Refusal.LOCKED, heldBy(held) + ", who alone can unlock it");
    }
    if (command.token() != WriteLock.NO_TOKEN && command.token() != held.token()) {
      return new Result.Refused(Refusal.LOCKED, isOver(name, held));
    }
    byName.remove(name);
    return new Result.Done();
  }

  /// Frees the locks with these tokens: their owners' leases are over.
  Result expire(Collection<Long> tokens) {
    byName.values().removeIf(lock -> tokens.contains(lock.token()));
    return new Result.Done();
  }

  /// Frees all that a peer has: it is no member any more.
  void forget(PeerId owner) {
    byName.values().removeIf(lock -> lock.owner().equals(owner));
  }

  /// Why a peer must not write a name now; null if it may.
  ///
  /// @param token of the lock it believes to have, {@link WriteLock#NO_TOKEN} if none
  @Nullable String obstacle(Name name, PeerId by, long token) {
    WriteLock held = byName.get(name);
    if (held != null && !held.owner().equals(by)) {
      return token == WriteLock.NO_TOKEN ? heldBy(held) : isOver(name, held);
    }
    boolean stale = token != WriteLock.NO_TOKEN && (held == null || held.token() != token);
    return stale ? isOver(name, held) : null;
  }

  void restore(WriteLock lock) {
    byName.put(lock.name(), lock);
    lastToken = Math.max(lastToken, lock.token());
  }

  void restoreLastToken(long token) {
    lastToken = Math.max(lastToken, token);
  }

  private String heldBy(WriteLock lock) {
    return lock.name() + " is locked by " + party.nameOf(lock.owner());
  }

  private String isOver(Name name, @Nullable WriteLock now) {
    String whose = now == null ? "nobody has it now" : party.nameOf(now.owner()) + " has it now";
    return "the lock on " + name + " that this was written under is over; " + whose;
  }
}
