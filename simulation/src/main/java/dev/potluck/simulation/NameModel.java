package dev.potluck.simulation;

import org.jspecify.annotations.Nullable;

/// What one name is, as the specification sees it: a register of versions, and a lock.
///
/// A lock may end at any time, since its owner's lease may: who has it in this model *may* have it
/// still. Nothing is allowed to who lost it that is not allowed to who may have lost it, so the end
/// is supposed only where an answer shows it.
///
/// @param number of the version, or of the deletion; 0 if there never was such a name
/// @param content of the version, or what was deleted
/// @param owner of the lock, empty if it is free
/// @param token of that lock, {@link #UNKNOWN} if nobody was told
/// @param lastToken the greatest that was told
record NameModel(
    long number, String content, boolean live, String owner, long token, long lastToken) {
  static final long UNKNOWN = -1;
  static final NameModel NONE = new NameModel(0, "", false, "", 0, 0);

  boolean isFree() {
    return owner.isEmpty();
  }

  boolean isOwnedBy(String machine) {
    return owner.equals(machine);
  }

  boolean isLockedByOther(String machine) {
    return !isFree() && !isOwnedBy(machine);
  }

  /// Whether the machine may have the lock with this token.
  boolean mayBeHeld(String machine, long ofToken) {
    boolean same = token == ofToken || (token == UNKNOWN && ofToken > lastToken);
    return isOwnedBy(machine) && (ofToken == Action.NO_TOKEN || same);
  }

  NameModel freed() {
    return new NameModel(number, content, live, "", 0, lastToken);
  }

  NameModel locked(String by, long newToken) {
    return new NameModel(number, content, live, by, newToken, Math.max(lastToken, newToken));
  }

  NameModel written(String newContent) {
    return new NameModel(number + 1, newContent, true, owner, token, lastToken);
  }

  NameModel deleted() {
    return new NameModel(number + 1, content, false, owner, token, lastToken);
  }

  /// What it must be for a machine to write under this token; null if it can't be.
  @Nullable NameModel writable(String machine, long underToken) {
    if (underToken == Action.NO_TOKEN) {
      return isLockedByOther(machine) ? freed() : this;
    }
    if (!mayBeHeld(machine, underToken)) {
      return null;
    }
    return token == underToken ? this : locked(machine, underToken);
  }
}
