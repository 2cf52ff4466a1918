package dev.potluck.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/// What every contestant is to move: `source/name`, a file or a folder.
///
/// @param work where contestants keep what they make; on the same file system as `source`
record FetchTask(Path source, String name, Path work) {
  Path original() {
    return source.resolve(name);
  }

  boolean isFolder() {
    return Files.isDirectory(original());
  }

  /// A new, empty folder for a contestant.
  Path folder(String of) throws IOException {
    Path folder = work.resolve(of);
    Trees.delete(folder);
    return Files.createDirectories(folder);
  }

  /// See {@link Memory#claim}.
  void claimMemory() throws IOException {
    if (!isFolder()) {
      Memory.claim(work, Files.size(original()));
    }
  }

  /// @throws IOException if what arrived in `folder` is not the original
  void check(Path folder) throws IOException {
    if (!Trees.same(original(), folder.resolve(name))) {
      throw new IOException("what arrived in " + folder + " is not the original");
    }
  }
}
