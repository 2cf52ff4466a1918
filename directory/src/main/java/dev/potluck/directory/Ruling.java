package dev.potluck.directory;

import dev.potluck.content.Version;

/// What a fact comes to, given the hard state.
sealed interface Ruling {
  Verdict verdict();

  /// The hard state stays as it is.
  record Settled(Verdict verdict) implements Ruling {}

  /// The name becomes this version, or with `deleted` this tombstone.
  record Becomes(Version version, boolean deleted, Verdict verdict) implements Ruling {}
}
