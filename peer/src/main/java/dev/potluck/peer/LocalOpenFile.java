package dev.potluck.peer;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.OptionalInt;

/// A file of the share.
final class LocalOpenFile implements OpenFile {
  private final FileHandle file;

  LocalOpenFile(FileHandle file) {
    this.file = file;
  }

  @Override
  public int read(long position, ByteBuffer target) throws IOException {
    return readFully(file, position, target);
  }

  /// Reads until the target is full or the file at its end.
  static int readFully(FileHandle file, long position, ByteBuffer target) throws IOException {
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
    return OptionalInt.of(file.descriptor());
  }

  @Override
  public void close() {
    file.close();
  }
}
