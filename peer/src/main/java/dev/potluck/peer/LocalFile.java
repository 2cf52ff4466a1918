package dev.potluck.peer;

import dev.potluck.content.ContentId;
import dev.potluck.content.Kind;
import dev.potluck.content.Name;
import dev.potluck.content.Version;
import dev.potluck.directory.Reason;
import java.time.Instant;

/// A whole, hashed file or symlink of the share.
///
/// @param path where it lies, relative to the share
/// @param kind a file or a symlink
/// @param base number of the version it is or was made from; 0 if it was never in the party
/// @param edited whether its content differs from that version's (always so when base is 0)
/// @param mode permission bits, within 0777
public record LocalFile(
    Name name,
    String path,
    Kind kind,
    ContentId content,
    long base,
    boolean edited,
    Reason reason,
    Instant mtime,
    int mode) {

  /// The file as a version of the base's number: what it holds, or with `edited` what it proposes.
  public Version version() {
    return new Version(base, kind, content, mtime, mode);
  }

  /// Whether it holds a version, whatever its number and times.
  boolean holds(Version version) {
    return kind == version.kind() && content.equals(version.content());
  }
}
