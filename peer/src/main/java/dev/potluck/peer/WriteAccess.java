package dev.potluck.peer;

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
  /// @throws dev.potluck.content.ConflictException if another has it all that time
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
  static WriteAccess locked(WriteLocks locks, Namespace namespace) {
    return (name, patience) -> {
      if (namespace.living(name).isEmpty()) {
        return () -> {};
      }
      WriteLocks.Held held =
          locks.acquire(
              name,
              patience,
              () -> LOG.log(Level.WARNING, "the lock on {0} is lost while it is written", name));
      return () -> locks.release(held);
    };
  }
}
