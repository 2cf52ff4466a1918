package dev.potluck.peer;

import dev.potluck.content.ConflictException;
import dev.potluck.content.Name;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;

/// Who may write a name at a time: asked at the first write or truncation of a draft, not when it
/// is opened, and given back when what was written is a version, or thrown away.
@FunctionalInterface
interface WriteAccess {
  Logger LOG = System.getLogger(WriteAccess.class.getName());

  /// Waits until this machine may write the name.
  ///
  /// @param patience how long
  /// @throws ConflictException if another has it all that time; caused by a {@link BusyException}
  /// @throws dev.potluck.content.UnavailableException if nobody can say who has it
  Permit acquire(Name name, Duration patience) throws InterruptedException;

  /// The right to write a name, until it is closed.
  @FunctionalInterface
  interface Permit extends AutoCloseable {
    @Override
    void close();
  }

  /// Takes the party's lock on what exists. A new name has no lock: that two machines made it at
  /// once is found out when it is to become a version, and what is late is kept beside.
  static WriteAccess locked(PeerLocks locks, Namespace namespace) {
    return (name, patience) -> {
      if (namespace.living(name).isEmpty()) {
        return () -> {};
      }
      PeerLocks.Held held = acquired(locks, name, patience);
      return () -> locks.release(held);
    };
  }

  private static PeerLocks.Held acquired(PeerLocks locks, Name name, Duration patience)
      throws InterruptedException {
    try {
      return locks.acquire(
          name,
          patience,
          () -> LOG.log(Level.WARNING, "the lock on {0} is lost while it is written", name));
    } catch (ConflictException e) {
      throw new ConflictException(e.getMessage(), new BusyException(e.getMessage()));
    }
  }
}
