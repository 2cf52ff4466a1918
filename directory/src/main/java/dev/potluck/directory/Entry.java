package dev.potluck.directory;

import dev.potluck.content.Name;
import dev.potluck.content.Version;

/// What the directory says of a name: its current version, or that it was deleted.
///
/// @param version the current version; of a tombstone the number is that of the deletion (one more
///   than the last version had), `mtime` is when it was deleted, kind and content are what was
///   deleted
/// @param deleted whether this is a tombstone
/// @param revision of the directory at which it became so; 0 in what a peer says
public record Entry(Name name, Version version, boolean deleted, long revision) {
  public Entry {
    if (revision < 0) {
      throw new IllegalArgumentException("revision " + revision);
    }
  }
}
