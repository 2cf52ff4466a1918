package dev.potluck.peer;

import java.nio.file.Path;
import java.util.Optional;

/// How holders are chosen.
///
/// @param algorithm which holder is asked
/// @param latencyFile emulated latency between pairs of peers; empty: none is emulated
public record Selection(Algorithm algorithm, Optional<Path> latencyFile) {
  public static final Selection DEFAULTS = new Selection(Algorithm.ADAPTIVE, Optional.empty());

  public Selection {
    if (latencyFile.isPresent() && !latencyFile.get().isAbsolute()) {
      throw new IllegalArgumentException("not absolute: " + latencyFile.get());
    }
  }

  /// The choices.
  public enum Algorithm {
    /// Several holders at once, by estimated completion time.
    ADAPTIVE,
    /// One holder: the least latency + 10 x load; the next on failure.
    CLASSIC
  }
}
