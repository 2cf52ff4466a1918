package dev.potluck.peer;

import dev.potluck.content.ContentId;
import dev.potluck.content.PieceLayer;
import java.util.ArrayList;
import java.util.List;

/// One transaction for {@link ScanDatabase#write}, being put together. Used by one thread.
final class DatabaseChanges {
  final List<FileRecord> files = new ArrayList<>();
  final List<String> removed = new ArrayList<>();
  final List<PieceLayer> layers = new ArrayList<>();

  /// Contents that are nowhere any more.
  final List<ContentId> droppedLayers = new ArrayList<>();

  final List<TrashRecord> trashed = new ArrayList<>();
  final List<String> untrashed = new ArrayList<>();
  final List<Intent> intents = new ArrayList<>();

  /// The batch of intents that is written, or with none given, done with.
  long intentId;

  boolean isEmpty() {
    return files.isEmpty()
        && removed.isEmpty()
        && trashed.isEmpty()
        && untrashed.isEmpty()
        && intentId == 0;
  }
}
