package dev.potluck.wire;

import dev.potluck.content.Name;
import dev.potluck.directory.Entry;
import dev.potluck.directory.Fact;
import dev.potluck.directory.Found;
import dev.potluck.directory.HeldLock;
import dev.potluck.directory.Hello;
import dev.potluck.directory.Listed;
import dev.potluck.directory.LockMode;
import dev.potluck.directory.NameLock;
import dev.potluck.directory.PeerId;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/// What the directory does for members, served by whoever hosts it. Each method but `findAtOnce`
/// and `commit` is called on a virtual thread of its own and may block. The caller's id is the one
/// its connection proved.
///
/// Every method may throw a {@link dev.potluck.content.PotluckException}, which reaches the caller
/// as the same class with the same message, or {@link NotTheDirectory}, which makes the caller go
/// on at the addresses it carries. Anything else reaches the caller as a `FailedException` without
/// details.
public interface DirectoryService {
  /// Opens a peer's session.
  ///
  /// @param sink the way back to the peer; open until its `ended` or the handler's `closed`
  SessionHandler session(PeerId caller, Hello hello, SessionSink sink);

  /// Feeds a watcher from a revision on; returning does not end the watch.
  ///
  /// @param incarnation the directory's incarnation the revision belongs to: another one, or a
  ///   revision that is no longer known, gets a snapshot first
  void watch(PeerId caller, long incarnation, long fromRevision, WatchSink sink);

  /// @throws dev.potluck.content.NoSuchNameException if there is no such name
  /// @throws dev.potluck.content.UnavailableException if that can't be said yet (learning)
  Found find(PeerId caller, Name name);

  /// As {@link #find}, if that can be said without waiting: called on the network's own thread,
  /// which must not block.
  ///
  /// @return empty if somebody else is at the directory just now: `find` will wait its turn
  default Optional<Found> findAtOnce(PeerId caller, Name name) {
    return Optional.empty();
  }

  /// Names in order, tombstones left out.
  ///
  /// @param prefix only the name itself and what lies in it, if present
  /// @param after only names behind this one in order, if present: the next page
  /// @param limit at most {@link WireLimits#LIST_PAGE}
  List<Listed> list(PeerId caller, Optional<Name> prefix, Optional<Name> after, int limit);

  /// Who is in the party, and who keeps the directory.
  Roster members(PeerId caller);

  /// Commits edits, all or none. Does not wait: what comes of it is told when it is durable.
  ///
  /// @param edits at most {@link WireLimits#EDITS_PER_CALL}
  CompletableFuture<CommitOutcome> commit(PeerId caller, List<Fact.Edited> edits);

  /// Deletes the names that exist, as one transaction.
  ///
  /// @param names at most {@link WireLimits#EDITS_PER_CALL}
  Deleted delete(PeerId caller, List<Name> names);

  /// Gives what is called `from`, and all that lies in it, a new name.
  ///
  /// @throws dev.potluck.content.NoSuchNameException if there is nothing called `from`
  /// @throws dev.potluck.content.ConflictException if something is called `to`
  Moved move(PeerId caller, Name from, Name to);

  /// Takes the lock of a name for the caller, which need not exist; waits in line while another
  /// peer has it in a mode that conflicts. The thread is interrupted when the caller hangs up: it
  /// leaves the line then.
  ///
  /// @param wait at most {@link WireLimits#LOCK_WAIT}
  /// @throws dev.potluck.content.ConflictException naming who has it, if it is not free in time
  Granted lock(PeerId caller, Name name, LockMode mode, Duration wait);

  /// Gives a lock back.
  ///
  /// @param token of the lock that is meant, {@link NameLock#NO_TOKEN}: whichever the caller has
  /// @throws dev.potluck.content.NoSuchNameException if there is no such name and no lock on it
  /// @throws dev.potluck.content.ConflictException if the caller does not have it
  void unlock(PeerId caller, Name name, long token);

  /// Makes the caller's exclusive lock a shared one.
  ///
  /// @param token of the lock that is meant
  /// @throws dev.potluck.content.ConflictException if the caller does not have it
  void share(PeerId caller, Name name, long token);

  /// The locks there are on these names; of no names, all that the caller has.
  ///
  /// @param names at most {@link WireLimits#EDITS_PER_CALL}
  List<HeldLock> locks(PeerId caller, List<Name> names);

  /// What is known of a name, oldest first: the last versions and deletions, and what it is now.
  ///
  /// @throws dev.potluck.content.NoSuchNameException if there never was such a name
  List<Entry> history(PeerId caller, Name name);

  /// @throws dev.potluck.content.UsageException in an open party, which has no tickets
  Ticket invite(PeerId caller, Duration validity);

  /// Puts a member on the deny list and ends its connections.
  void expel(PeerId caller, PeerId member);

  /// Says good-bye for ever: the caller's id goes on the deny list.
  void leave(PeerId caller);

  /// A fresh certificate for the caller's key.
  ///
  /// @throws dev.potluck.content.DeniedException if the request is for another key than the
  ///   caller's
  Credential renew(PeerId caller, CertificateRequest request);

  /// Lets a machine in that has a ticket: the only method called by strangers.
  ///
  /// @throws dev.potluck.content.DeniedException if the ticket is not of this party, expired, or
  ///   used by another key
  Credential enrol(Enrolment enrolment);
}
