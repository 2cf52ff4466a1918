package dev.potluck.peer;

import dev.potluck.content.Name;
import dev.potluck.content.PieceLayer;
import dev.potluck.content.Version;
import dev.potluck.directory.Reason;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/// A small content in memory, to be installed with many others.
///
/// @param bytes the content, already verified against the version's content id by the caller
/// @param layer its piece hashes; null if it is at most one piece (256 KiB)
public record SmallFile(
    Name name, Version version, Reason reason, ByteBuffer bytes, @Nullable PieceLayer layer) {
  public SmallFile(Name name, Version version, Reason reason, ByteBuffer bytes) {
    this(name, version, reason, bytes, null);
  }

  public SmallFile {
    if (layer == null && version.content().pieces().count() > 1) {
      throw new IllegalArgumentException(name + ": more than one piece, but no layer");
    }
    if (bytes.remaining() != version.content().size()) {
      throw new IllegalArgumentException(
          name + ": " + bytes.remaining() + " bytes for " + version.content());
    }
  }
}
