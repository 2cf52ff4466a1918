package dev.potluck.peer;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.OptionalInt;

/// A file of the share, or a symlink. Writing into it ends the reading: the bytes are not that
/// version's any more.
final class LocalOpenFile implements OpenFile {
  private final FileSource file;
  private final Recorded recorded;
  private volatile FileIdentity identity;

  /// Who knows of files that they have the same bytes as before.
  interface Recorded {
    /// What the file is now; nothing if it may have other bytes.
    Optional<FileIdentity> identity(FileSource file) throws IOException;
  }

  /// @param file just found to be what it was when it was hashed
  /// @param recorded is asked when it seems to have changed
  LocalOpenFile(FileSource file, Recorded recorded) throws IOException {
    this.file = file;
    this.recorded = recorded;
    this.identity = file.stat().identity();
  }

  /// Closes the file if it can't be looked at.
  static LocalOpenFile of(FileSource file, Recorded recorded) throws IOException {
    try {
      return new LocalOpenFile(file, recorded);
    } catch (IOException e) {
      file.close();
      throw e;
    }
  }

  @Override
  public int read(long position, ByteBuffer target) throws IOException {
    int start = target.position();
    while (true) {
      int count = readFully(file, position, target);
      if (identity.sameButCtime(file.stat().identity())) {
        return count;
      }
      identity =
          recorded
              .identity(file)
              .orElseThrow(() -> new IOException(file.path() + " was changed while it was read"));
      target.position(start); // It is the same now; what was read may not be.
    }
  }

  /// Reads until the target is full or the file at its end.
  static int readFully(FileSource file, long position, ByteBuffer target) throws IOException {
    int start = target.position();
    while (target.hasRemaining()) {
      if (file.read(position + target.position() - start, target) < 0) {
        break;
      }
    }
    int count = target.position() - start;
    return count == 0 && target.hasRemaining() ? -1 : count;
  }

  @Override
  public boolean isAtHand(long position, int length) {
    return false;
  }

  @Override
  public OptionalInt descriptor() throws IOException {
    return switch (file) {
      case FileHandle handle -> OptionalInt.of(handle.descriptor());
      case OverlaidFile _, Symlink _ -> OptionalInt.empty();
    };
  }

  @Override
  public void close() {
    file.close();
  }
}
