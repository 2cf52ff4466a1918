package dev.potluck.peer;

import dev.potluck.content.ByteSource;
import dev.potluck.content.ContentId;
import dev.potluck.content.PieceLayer;
import java.io.IOException;
import java.nio.ByteBuffer;

/// A content opened for serving. Thread-safe; stays readable when its file is replaced or deleted.
public interface OpenContent extends ByteSource, AutoCloseable {
  ContentId content();

  /// The hashes of the pieces, from the share's database.
  PieceLayer layer();

  /// Reads verified bytes; of a {@link Partial}, never past the last verified piece of a run.
  ///
  /// @return how many were read, at least one, or -1 at the end
  /// @throws IOException if the file changed since it was opened, or the bytes are not here yet
  @Override
  int read(long position, ByteBuffer target) throws IOException;

  @Override
  void close();
}
