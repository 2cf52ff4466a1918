package dev.potluck.directory;

import dev.potluck.content.Name;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/// A change of the hard state: what a log carries. An immutable value; {@link Directory#apply} of
/// the same commands at the same times gives the same directory everywhere.
///
/// `by` is the member that asked for it; a member on the deny list is refused.
public sealed interface Command {
  /// Makes the peer a member, or brings one back that was dead, and gives it a name that nobody
  /// else has: the wished one if that is free. It stays the same as long as the wish does.
  record Enlist(PeerId peer, String wishedName) implements Command {}

  /// What a peer announced and is news: judged in order, as one transaction.
  ///
  /// @param contact when the peer was last in touch before it announced this
  record Learn(PeerId by, List<Fact> facts, Contact contact) implements Command {
    public Learn {
      facts = List.copyOf(facts);
    }

    /// Of a peer that has missed nothing.
    public Learn(PeerId by, List<Fact> facts) {
      this(by, facts, Contact.NONE);
    }
  }

  /// Several edits, all or none of them.
  record Commit(PeerId by, List<Fact.Edited> edits) implements Command {
    public Commit {
      edits = List.copyOf(edits);
    }
  }

  /// Deletes the names that exist, as one transaction.
  record Delete(PeerId by, List<Name> names) implements Command {
    public Delete {
      names = List.copyOf(names);
    }
  }

  /// Renames a file, or a folder with all in it, as one transaction.
  record Move(PeerId by, Name from, Name to) implements Command {}

  /// Takes the lock of a name, which need not exist.
  record Lock(PeerId by, Name name, LockMode mode) implements Command {}

  /// Gives a lock back.
  ///
  /// @param token of the lock that is meant; {@link NameLock#NO_TOKEN}: whichever the peer has
  record Unlock(PeerId by, Name name, long token) implements Command {}

  /// Makes an exclusive lock a shared one.
  ///
  /// @param token of the lock that is meant
  record Share(PeerId by, Name name, long token) implements Command {}

  /// Frees locks whose owner has not been heard for a lease: what a leader finds out by its own
  /// clock.
  record Expire(List<Long> tokens) implements Command {
    public Expire {
      tokens = List.copyOf(tokens);
    }
  }

  /// Forgets what was deleted longer ago than this.
  record Forget(Duration after) implements Command {}

  /// Sets what a name is owed.
  record SetPolicy(PeerId by, Name name, Policy policy) implements Command {}

  /// Lets the key of this peer in by a ticket. The same key may retry; another is refused.
  ///
  /// @param expires when the ticket does; from then on the directory may forget that it was used
  record Redeem(String ticketId, Instant expires, PeerId peer) implements Command {}

  /// Notes that a member is dead, as most of those found who were asked to reach it. It is a member
  /// again as soon as it says hello.
  record DeclareDead(PeerId peer) implements Command {}

  /// Puts a peer on the deny list: expelled, or it left by itself.
  record Expel(PeerId peer) implements Command {}
}
