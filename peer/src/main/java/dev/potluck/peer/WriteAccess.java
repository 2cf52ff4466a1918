package dev.potluck.peer;

import dev.potluck.content.Name;
import java.time.Duration;

/// Who may write a name at a time: asked at the first write or truncation of a draft, not when it
/// is opened, and given back when what was written is a version, or thrown away.
@FunctionalInterface
interface WriteAccess {
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

  /// Lets everybody write: that an edit was made of the current version is found out when it is to
  /// become one, and what is late is kept beside.
  static WriteAccess optimistic() {
    return (_, _) -> () -> {};
  }
}
