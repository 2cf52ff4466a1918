package dev.potluck.wire;

import dev.potluck.content.Version;
import dev.potluck.directory.Refusal;
import dev.potluck.directory.Verdict;
import java.util.List;

/// What came of a commit.
public sealed interface CommitOutcome {
  /// All edits are versions now.
  ///
  /// @param versions one an edit, in order
  /// @param revision of the directory from which on they are visible
  record Committed(List<Version> versions, long revision) implements CommitOutcome {
    public Committed {
      versions = List.copyOf(versions);
    }
  }

  /// Nothing was changed.
  ///
  /// @param conflicts what stood in the way, if it was that
  record Refused(Refusal refusal, String why, List<Verdict> conflicts) implements CommitOutcome {
    public Refused {
      conflicts = List.copyOf(conflicts);
    }
  }
}
