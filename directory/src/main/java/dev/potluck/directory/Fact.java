package dev.potluck.directory;

import dev.potluck.content.Name;
import dev.potluck.content.Version;

/// One thing a peer tells the directory about a name. A peer's set of facts is what it holds: one
/// `Holds` a name at most, the later replaces the earlier, and {@link FactDigest} sums it up.
///
/// In a full announcement `Known` comes first, so that no old copy of another peer stands in the
/// way of what follows.
public sealed interface Fact {
  Name name();

  /// The peer has this version, whole or in parts. Never makes a version of a known name; teaches a
  /// directory that has forgotten it.
  record Holds(Name name, Version version, Reason reason, boolean whole) implements Fact {}

  /// The user of that machine changed the name: what was version `base` (0: never in the party) is
  /// now this. The version's number is not looked at: the directory assigns it. Always answered by
  /// a verdict; may be sent again if the answer was lost.
  ///
  /// @param token of the lock it was made under, {@link NameLock#NO_TOKEN} if under none: with one
  ///   that is over it is refused
  /// @param again whether this very edit was said before and its answer was lost: if it became a
  ///   version then, it does not become one a second time, even if that was deleted meanwhile
  record Edited(Name name, long base, Version version, Reason reason, long token, boolean again)
      implements Fact {
    /// One that was made under no lock.
    public Edited(Name name, long base, Version version, Reason reason) {
      this(name, base, version, reason, NameLock.NO_TOKEN);
    }

    /// One that is said for the first time.
    public Edited(Name name, long base, Version version, Reason reason, long token) {
      this(name, base, version, reason, token, false);
    }

    /// The same edit, said again or for the first time.
    public Edited said(boolean before) {
      return new Edited(name, base, version, reason, token, before);
    }

    public Edited {
      if (base < 0) {
        throw new IllegalArgumentException("base " + base);
      }
      if (token < NameLock.NO_TOKEN) {
        throw new IllegalArgumentException("token " + token);
      }
    }
  }

  /// The peer has no copy any more of this version.
  ///
  /// @param byUser whether its user deleted it, rather than Potluck evicting or moving it; only
  ///   then can the name go with its last copy
  record GaveUp(Name name, long version, boolean byUser) implements Fact {}

  /// What the peer's watch copy says of a name it does not hold so: tombstones, and newer versions
  /// of what it has an old copy of. Teaches a directory that has forgotten it; no part of the
  /// digest.
  record Known(Entry entry) implements Fact {
    @Override
    public Name name() {
      return entry.name();
    }
  }
}
