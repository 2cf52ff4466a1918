package dev.potluck.directory;

import dev.potluck.content.Name;
import dev.potluck.content.Version;

/// What the directory makes of a fact, sent when the peer must act. `Edited` always gets one; a
/// `Holds` that is current as it stands gets none.
public sealed interface Verdict {
  /// The name the fact was about.
  Name name();

  /// The peer has the current content. To `Edited`: it is this version now, and the fact
  /// `Holds(name, version, reason, whole)` counts on both sides from here on. To `Holds`: same
  /// content, but take number, mtime and mode from this.
  record Current(Name name, Version version) implements Verdict {}

  /// The copy is older than the current version: fetch that.
  record Stale(Name name, Entry current) implements Verdict {}

  /// The name was deleted after this copy was made: move it to the trash.
  record Buried(Name name, Entry tombstone) implements Verdict {}

  /// The party does not know the name any more, and has forgotten deletions since the peer was last
  /// in touch: set the copy aside. It counts on neither side's digest.
  record Forgotten(Name name) implements Verdict {}

  /// Another content has the name, another peer its lock, or a file is where a folder must be.
  /// Rename the local thing to `keepAs` (or, if that is taken here, to another such name), give up
  /// the name and announce the new one as `Edited` with base 0. Nothing was recorded for an
  /// `Edited`; a `Holds` is recorded as it was said.
  ///
  /// @param current what stands in the way; in a file-against-folder clash it has another name; of
  ///   a name that another peer has locked before it was made, a deleted version 0
  record Conflict(Name name, Entry current, Name keepAs) implements Verdict {}

  /// The fact is beyond what the directory accepts; it counts on neither side's digest.
  record Rejected(Name name, String why) implements Verdict {}
}
