package dev.potluck.peer;

import dev.potluck.content.Name;
import dev.potluck.content.Version;
import dev.potluck.directory.Reason;
import java.nio.ByteBuffer;

/// A small content in memory, to be installed with many others.
///
/// @param bytes the content, already verified against the version's content id by the caller
public record SmallFile(Name name, Version version, Reason reason, ByteBuffer bytes) {
  public SmallFile {
    if (bytes.remaining() != version.content().size()) {
      throw new IllegalArgumentException(
          name + ": " + bytes.remaining() + " bytes for " + version.content());
    }
  }
}
