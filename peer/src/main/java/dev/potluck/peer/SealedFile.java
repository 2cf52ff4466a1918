package dev.potluck.peer;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.OptionalInt;

/// A file of Potluck's own that nobody writes any more.
record SealedFile(FileHandle file) implements OpenFile {
  @Override
  public int read(long position, ByteBuffer target) throws IOException {
    return LocalOpenFile.readFully(file, position, target);
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
