package dev.potluck.simulation;

import dev.potluck.content.Name;
import dev.potluck.directory.Command;
import dev.potluck.directory.Hello;
import java.time.Duration;

/// What a member asks of a seat, as its calls do.
sealed interface Question {
  /// Whether it can be asked again without harm when no answer comes.
  default boolean isHarmless() {
    return !(this instanceof Change || this instanceof TakeLock);
  }

  /// Makes a change of the hard state.
  record Change(Command command) implements Question {}

  /// Takes a lock, if need be after a while in line.
  record TakeLock(Name name, Duration patience) implements Question {}

  /// Which locks the asker has.
  record OwnLocks() implements Question {}

  /// What a name is and was.
  record Look(Name name) implements Question {}

  /// Who is in the party.
  record Members() implements Question {}

  /// Begins a session and a watch.
  record Begin(Hello hello, long incarnation, long revision) implements Question {}
}
