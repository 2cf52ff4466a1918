package dev.potluck.peer;

import dev.potluck.content.ByteSource;
import java.io.IOException;

/// What a path of the share holds, opened: the bytes of a file, what was written over them, or the
/// target of a symlink. Thread-safe.
sealed interface FileSource extends ByteSource, AutoCloseable
    permits FileHandle, OverlaidFile, Symlink {
  /// Where it lay when it was opened, relative to the share.
  String path();

  /// What it is now, wherever it lies.
  FileStat stat() throws IOException;

  @Override
  void close();
}
