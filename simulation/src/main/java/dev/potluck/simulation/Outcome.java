package dev.potluck.simulation;

import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/// What whoever asked was told.
public sealed interface Outcome {
  /// The machine has the lock, under this token.
  record Granted(long token) implements Outcome {}

  /// All edits are versions, with these numbers.
  record Committed(List<Long> numbers) implements Outcome {
    public Committed {
      numbers = List.copyOf(numbers);
    }
  }

  /// It is unlocked, or deleted.
  record Done() implements Outcome {}

  /// There was no such name to delete.
  record Missing() implements Outcome {}

  /// It is there now, as this version.
  record Moved(long number) implements Outcome {}

  /// What the name is.
  ///
  /// @param number of its version or of its deletion, 0 if there never was such a name
  /// @param content empty if it is deleted
  /// @param past what is remembered of its versions before, by number
  record Seen(long number, Optional<String> content, SortedMap<Long, String> past)
      implements Outcome {
    public Seen {
      past = new TreeMap<>(past);
    }

    public Seen(long number, Optional<String> content) {
      this(number, content, new TreeMap<>());
    }
  }

  /// Nothing was changed.
  record Refused(Reason reason) implements Outcome {}

  /// It may have been done, may still be done, or not at all.
  record Uncertain() implements Outcome {}

  /// Why something was refused.
  enum Reason {
    /// Another machine has the lock, or the one that was written under is over.
    LOCKED,
    /// The name is another version than the one that was changed; or something is in the way.
    CONFLICT,
    NO_SUCH_NAME,
    /// For a reason that says nothing about the names.
    OTHER
  }

  default boolean isCertain() {
    return !(this instanceof Uncertain);
  }

  /// Whether the party may be another one after it.
  default boolean mayHaveChanged() {
    return !(this instanceof Refused || this instanceof Seen || this instanceof Missing);
  }
}
