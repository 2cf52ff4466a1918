package dev.potluck.peer;

import dev.potluck.content.ContentId;
import dev.potluck.content.PieceLayer;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Optional;

/// A file or symlink of the share opened for serving. Replacing or deleting the file does not
/// disturb it; writing into it ends it.
final class ServedFile implements OpenContent {
  private final FileSource file;
  private final FileIdentity identity;
  private final PieceLayer layer;

  private ServedFile(FileSource file, FileIdentity identity, PieceLayer layer) {
    this.file = file;
    this.identity = identity;
    this.layer = layer;
  }

  /// Nothing if the file is not the one that was hashed.
  static Optional<OpenContent> open(RecordedBytes bytes, FileRecord record, PieceLayer layer) {
    return bytes.open(record).map(file -> new ServedFile(file, record.identity(), layer));
  }

  @Override
  public ContentId content() {
    return layer.content();
  }

  @Override
  public PieceLayer layer() {
    return layer;
  }

  @Override
  public int read(long position, ByteBuffer target) throws IOException {
    int before = target.position();
    int count = file.read(position, target);
    if (!identity.sameButCtime(file.stat().identity())) {
      target.position(before);
      throw new IOException(file.path() + " was changed while it was read");
    }
    return count;
  }

  @Override
  public void close() {
    file.close();
  }
}
