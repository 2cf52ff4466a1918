package dev.potluck.peer;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;

/// `.potluck/rot/`: files whose bytes the disk changed, kept for whoever wants to look at them.
record RotShelf(ShareTree tree, Path folder, Clock clock) {
  static final String FOLDER = ".potluck/rot";

  /// Moves a damaged file out of the share.
  Path setAside(FileRecord record) throws IOException {
    String to = FOLDER + "/" + Trash.id(clock.instant(), record.path());
    tree.moveToNew(record.path(), to);
    return folder.resolve(to);
  }
}
