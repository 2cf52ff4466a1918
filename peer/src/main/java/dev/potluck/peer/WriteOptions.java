package dev.potluck.peer;

import dev.potluck.content.UsageException;
import java.time.Duration;

/// How files are written through a door.
///
/// @param commit what close(2) waits for
/// @param patience how long whoever opens a file to write, or closes it, waits for the directory
public record WriteOptions(Commit commit, Duration patience) {
  /// As it is without options.
  public static final WriteOptions DEFAULTS =
      new WriteOptions(Commit.CLOSE, Duration.ofSeconds(30));

  /// @throws UsageException if a value is out of its range
  public WriteOptions {
    if (patience.isNegative()) {
      throw new UsageException("--write-timeout cannot be negative");
    }
  }

  /// What close(2) waits for, if something was written.
  public enum Commit {
    /// That the party has the version.
    CLOSE,
    /// That it survives on this machine; the party hears of it a moment later.
    ASYNC
  }
}
