package dev.potluck.directory;

import dev.potluck.content.Name;
import dev.potluck.content.PotluckException;
import dev.potluck.content.Version;
import java.util.List;

/// What became of a command. An immutable value, like the command.
public sealed interface Result {
  /// Nothing more to say of it than that it is done.
  record Done() implements Result {}

  /// The peer is a member under this name.
  record Enlisted(PeerId peer, String grantedName) implements Result {}

  /// A verdict for every fact of the command, in order.
  record Learned(List<Verdict> verdicts, Changes changes) implements Result {
    public Learned {
      verdicts = List.copyOf(verdicts);
    }
  }

  /// All edits are versions now, in the order of the command.
  record Committed(List<Version> versions, Changes changes) implements Result {
    public Committed {
      versions = List.copyOf(versions);
    }
  }

  /// The names are deleted, but for those that did not exist.
  record Deleted(List<Name> missing, Changes changes) implements Result {
    public Deleted {
      missing = List.copyOf(missing);
    }
  }

  /// What was moved is there now, as this version (of a folder that has no entry of its own: of the
  /// first thing in it).
  record Moved(Version version, Changes changes) implements Result {}

  /// The peer has this lock.
  record Locked(NameLock lock) implements Result {}

  /// Nothing was changed.
  ///
  /// @param conflicts what stood in the way of a commit's edits
  record Refused(Refusal refusal, String why, List<Verdict> conflicts) implements Result {
    public Refused {
      conflicts = List.copyOf(conflicts);
    }

    Refused(Refusal refusal, String why) {
      this(refusal, why, List.of());
    }

    /// The exception that the caller gets.
    public PotluckException exception() {
      return refusal.exception(why);
    }
  }

  /// What watchers must hear of; empty if no name changed.
  default Changes changes() {
    return switch (this) {
      case Learned(_, Changes changes) -> changes;
      case Committed(_, Changes changes) -> changes;
      case Deleted(_, Changes changes) -> changes;
      case Moved(_, Changes changes) -> changes;
      case Done _, Enlisted _, Locked _, Refused _ -> Changes.none(0);
    };
  }
}
