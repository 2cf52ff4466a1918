package dev.potluck.peer;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;

/// `.potluck/rot/`: files whose bytes the disk changed, kept for whoever wants to look at them.
record RotShelf(ShareTree tree, Path folder, Clock clock) {
  static final String FOLDER = ".potluck/rot";

  /// Moves a damaged file out of the share.
  Path setAside(FileRecord record) throws IOException {
    return setAside(record.path(), record.path());
  }

  /// The same of what lies elsewhere.
  ///
  /// @param path of the file that it was to be
  Path setAside(String from, String path) throws IOException {
    String to = FOLDER + "/" + Trash.id(clock.instant(), path);
    tree.moveToNew(from, to);
    return folder.resolve(to);
  }
}
