package dev.potluck.cli;

import java.time.Duration;
import picocli.CommandLine.Option;

/// `--wait`, on commands that can wait for holders or the directory.
final class WaitOption {
  @Option(
      names = "--wait",
      paramLabel = "D",
      converter = Durations.class,
      description =
          "Wait so long for holders or the directory to come back (30s, 10m). Default: fail at once.")
  private Duration wait = Duration.ZERO;

  long millis() {
    return wait.toMillis();
  }
}
