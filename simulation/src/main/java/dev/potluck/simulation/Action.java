package dev.potluck.simulation;

import java.util.List;

/// What somebody asked of a party, as far as names and locks are concerned.
public sealed interface Action {
  /// Stands for a version's number that whoever asked did not choose.
  long ANY_BASE = -1;

  /// Stands for "under no lock".
  long NO_TOKEN = 0;

  /// The names it is about.
  default List<String> names() {
    return switch (this) {
      case Lock(String name) -> List.of(name);
      case Unlock(String name, _) -> List.of(name);
      case Commit(List<Edit> edits) -> edits.stream().map(Edit::name).toList();
      case Delete(String name) -> List.of(name);
      case Move(String from, String to) -> List.of(from, to);
      case Read(String name) -> List.of(name);
    };
  }

  /// Takes the lock of a name for the machine that asks.
  record Lock(String name) implements Action {}

  /// Gives it back.
  ///
  /// @param token of the lock that is meant, {@link #NO_TOKEN}: whichever the machine has
  record Unlock(String name, long token) implements Action {}

  /// Makes versions of all edits or of none.
  record Commit(List<Edit> edits) implements Action {
    public Commit {
      edits = List.copyOf(edits);
    }

    public Commit(Edit edit) {
      this(List.of(edit));
    }
  }

  /// One name's part in a commit.
  ///
  /// @param base the number of the version it was made from, 0 for a new name; {@link #ANY_BASE}:
  ///   whichever is current
  /// @param content what is written: something that nobody else writes
  /// @param token of the lock it is written under, {@link #NO_TOKEN} if under none
  record Edit(String name, long base, String content, long token) {}

  /// Deletes a name.
  record Delete(String name) implements Action {}

  /// Renames a file.
  record Move(String from, String to) implements Action {}

  /// Looks at what a name is.
  record Read(String name) implements Action {}
}
