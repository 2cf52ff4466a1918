package dev.potluck.peer;

import dev.potluck.content.Name;
import java.util.Optional;

/// The locks of flock(2) and fcntl(2), as a door takes them for programs: of all the party, not of
/// this machine alone. Thread-safe.
///
/// A file that gets another name keeps its locks, under the name it had.
public interface PartyLocks {
  /// Which call a lock is of. Those of one kind do not see those of the other on one machine.
  enum Kind {
    FLOCK,
    FCNTL
  }

  /// What became of the wish for a lock.
  enum Outcome {
    TAKEN,
    /// Somebody else has it.
    BUSY,
    /// It will never be free: who has it waits for what this owner has.
    DEADLOCK
  }

  /// Takes a lock. When this returns, this peer knows what those who had it before have made of the
  /// party's names.
  ///
  /// An owner that has an flock for reading, and wants it for writing, gives that up first, as
  /// flock(2) says; also if it does not get the other.
  ///
  /// @param wait until it is free, or the thread is interrupted
  /// @throws dev.potluck.content.UnavailableException if the directory is away
  Outcome take(Name name, Kind kind, FileLock wanted, boolean wait) throws InterruptedException;

  /// What is in the way of a lock: of this machine, or, as a whole file of process 0, of another.
  ///
  /// @throws dev.potluck.content.UnavailableException if the directory is away
  Optional<FileLock> blocker(Name name, Kind kind, FileLock wanted) throws InterruptedException;

  /// Whether an owner has any lock on a name.
  ///
  /// @param handle an open file of it
  boolean holds(Name name, Kind kind, long owner, long handle);

  /// Whether anything is locked through an open file.
  boolean holds(long handle);

  /// Gives up what an owner has in a range.
  void release(Name name, Kind kind, long owner, long handle, long first, long last);

  /// Gives up all that was locked through an open file: it is closed.
  void closed(long handle);

  /// Whether what was locked through an open file was lost: this peer was away for longer than a
  /// lease, and others may have had it since.
  boolean isLost(long handle);

  /// Gives up everything.
  void close();
}
