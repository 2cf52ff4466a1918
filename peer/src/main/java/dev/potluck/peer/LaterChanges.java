package dev.potluck.peer;

import dev.potluck.content.PieceLayer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Rows that may be written a moment later, the last of each file. Thread-safe.
final class LaterChanges {
  // Guarded by this.
  private final Map<String, FileRecord> files = new LinkedHashMap<>();
  private final List<PieceLayer> layers = new ArrayList<>();
  private final List<TrashRecord> trashed = new ArrayList<>();

  /// @param changes records of files and of the trash, nothing else
  synchronized void add(DatabaseChanges changes) {
    changes.files.forEach(file -> files.put(file.path(), file));
    layers.addAll(changes.layers);
    trashed.addAll(changes.trashed);
  }

  /// What it is now, as a transaction.
  synchronized DatabaseChanges copy() {
    DatabaseChanges copy = new DatabaseChanges();
    copy.files.addAll(files.values());
    copy.layers.addAll(layers);
    copy.trashed.addAll(trashed);
    return copy;
  }

  /// Forgets what was written, but for what has come since.
  synchronized void written(DatabaseChanges copy) {
    copy.files.forEach(file -> files.remove(file.path(), file));
    layers.subList(0, copy.layers.size()).clear();
    trashed.subList(0, copy.trashed.size()).clear();
  }
}
