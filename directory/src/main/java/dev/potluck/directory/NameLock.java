package dev.potluck.directory;

import dev.potluck.content.Name;

/// The right of one peer to write a name, or to have nobody else write it; the name need not exist
/// yet. Until the peer gives it back or its lease is over.
///
/// @param mode shared locks can be had by several peers at once
/// @param token greater than that of every lock before it, of whatever name: what is committed
///   under a lock carries its token, so that whoever lost the lock without noticing is refused
public record NameLock(Name name, PeerId owner, LockMode mode, long token) {
  /// Stands for "under no lock".
  public static final long NO_TOKEN = 0;

  public NameLock {
    if (token <= NO_TOKEN) {
      throw new IllegalArgumentException("token " + token);
    }
  }

  /// The right to write.
  public static NameLock exclusive(Name name, PeerId owner, long token) {
    return new NameLock(name, owner, LockMode.EXCLUSIVE, token);
  }
}
