package dev.potluck.cli;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import tools.jackson.databind.JsonNode;

/// `potluck update`.
@Command(
    name = "update",
    description = "Rescan the share now and tell the directory. Happens by itself, too.")
final class UpdateCommand implements Callable<Integer> {
  private final Surroundings surroundings;
  @Mixin private final Asking asking = new Asking();

  @Option(
      names = "--deletions",
      description = "What is missing was deleted on purpose, even if it is everything.")
  private boolean deletions;

  UpdateCommand(Surroundings surroundings) {
    this.surroundings = surroundings;
  }

  @Override
  public Integer call() {
    var args = Map.of("deletions", deletions);
    return asking.print(surroundings, asking.ask(surroundings, "update", args), this::text);
  }

  private void text(JsonNode scan) {
    surroundings
        .out()
        .println(
            "%s files, %s: %s new, %s changed, %s gone, in %s"
                .formatted(
                    scan.path("files").asString("?"),
                    Sizes.shown(scan.path("bytes").asLong()),
                    scan.path("added").asString("?"),
                    scan.path("changed").asString("?"),
                    scan.path("removed").asString("?"),
                    Durations.shown(
                        Duration.ofMillis((long) (scan.path("seconds").asDouble() * 1000)))));
    StatusCommand.skipped(surroundings, scan.path("skipped"));
  }
}
