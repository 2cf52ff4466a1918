package dev.potluck.peer;

import dev.potluck.content.ContentId;
import dev.potluck.content.Name;
import dev.potluck.content.Version;
import dev.potluck.directory.Reason;
import java.time.Instant;

/// A whole, hashed file of the share.
///
/// @param path where it lies, relative to the share
/// @param base number of the version it is or was made from; 0 if it was never in the party
/// @param edited whether its content differs from that version's (always so when base is 0)
/// @param mode permission bits, within 0777
public record LocalFile(
    Name name,
    String path,
    ContentId content,
    long base,
    boolean edited,
    Reason reason,
    Instant mtime,
    int mode) {

  /// The file as a version of the base's number: what it holds, or with `edited` what it proposes.
  public Version version() {
    return Version.file(base, content, mtime, mode);
  }
}
