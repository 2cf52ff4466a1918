package dev.potluck.consensus;

import java.nio.file.Path;
import java.time.Duration;

/// How a seat keeps its log.
///
/// @param folder where the log lies; nobody else's
/// @param self this machine's id
/// @param electionMin how long a follower hears nothing before it stands for election: a random
///   time from this ...
/// @param electionMax ... to this
/// @param snapshotEvery after how many entries the state is saved, and older entries dropped
public record LogSettings(
    Path folder, String self, Duration electionMin, Duration electionMax, long snapshotEvery) {
  private static final Duration ELECTION_MIN = Duration.ofMillis(750);
  private static final Duration ELECTION_MAX = Duration.ofMillis(1_500);
  private static final long SNAPSHOT_EVERY = 100_000;

  public LogSettings {
    if (electionMin.compareTo(electionMax) >= 0 || !electionMin.isPositive()) {
      throw new IllegalArgumentException("election from " + electionMin + " to " + electionMax);
    }
    if (snapshotEvery < 1) {
      throw new IllegalArgumentException("a snapshot every " + snapshotEvery);
    }
  }

  public static LogSettings of(Path folder, String self) {
    return new LogSettings(folder, self, ELECTION_MIN, ELECTION_MAX, SNAPSHOT_EVERY);
  }
}
