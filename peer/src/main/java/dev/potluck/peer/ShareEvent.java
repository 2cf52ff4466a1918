package dev.potluck.peer;

import dev.potluck.content.Name;
import java.nio.file.Path;

/// What a scan found in the share that no caller of {@link Share} did.
public sealed interface ShareEvent {
  LocalFile file();

  /// A file that was not announced before: new in the share, or found unchanged after it could not
  /// be trusted at start.
  record Added(LocalFile file) implements ShareEvent {}

  /// The content of a known file is another one now; `file.edited()` unless the edit was undone.
  record Changed(LocalFile file) implements ShareEvent {}

  /// The file is gone from the share, deleted or moved behind Potluck's back.
  record Removed(LocalFile file) implements ShareEvent {}

  /// The disk returned other bytes than were stored: the file is not in the share any more and must
  /// be fetched again, never announced as an edit.
  ///
  /// @param setAside where the damaged bytes lie now
  record Rotten(LocalFile file, Path setAside) implements ShareEvent {}

  /// Somebody wrote into the file while an edit of it, made in the mount, was not a file yet.
  ///
  /// @param file the edit as it was
  /// @param keptAs what was written in the mount, over the file as it is now
  record Overwritten(LocalFile file, Name keptAs) implements ShareEvent {}
}
