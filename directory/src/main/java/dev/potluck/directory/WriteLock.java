package dev.potluck.directory;

import dev.potluck.content.Name;

/// The right of one peer to write a name, which need not exist yet, until it gives it back or its
/// lease is over.
///
/// @param token greater than that of every lock before it, of whatever name: what is committed
///   under a lock carries its token, so that whoever lost the lock without noticing is refused
public record WriteLock(Name name, PeerId owner, long token) {
  /// Stands for "under no lock".
  public static final long NO_TOKEN = 0;

  public WriteLock {
    if (token <= NO_TOKEN) {
      throw new IllegalArgumentException("token " + token);
    }
  }
}
