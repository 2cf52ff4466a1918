package dev.potluck.cli;

import dev.potluck.content.Name;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `potluck lock NAME`.
@Command(
    name = "lock",
    description = "Keep everyone else from writing a name, which need not exist yet.",
    footer = {
      "",
      "The lock is this peer's until unlock, or until the peer has been silent for a lease.",
      "Exit status: 5 if another peer has it when --wait is over; 4 if the directory is away."
    })
final class LockCommand implements Callable<Integer> {
  private final Surroundings surroundings;
  @Mixin private final Asking asking = new Asking();

  @Parameters(paramLabel = "NAME", description = "The exact name.")
  private String name = "";

  @Option(
      names = "--wait",
      paramLabel = "D",
      converter = Durations.class,
      description =
          "Wait in line so long while another peer has it (30s, 10m). Default: not at all.")
  private Duration wait = Duration.ZERO;

  LockCommand(Surroundings surroundings) {
    this.surroundings = surroundings;
  }

  @Override
  public Integer call() {
    var args = Map.of("name", Name.of(name).value(), "wait_ms", wait.toMillis());
    return asking.print(
        surroundings,
        asking.ask(surroundings, "lock", args),
        locked ->
            surroundings
                .out()
                .println(
                    "%s is locked by %s, token %s"
                        .formatted(
                            PrintableText.of(locked.path("name").asString(name)),
                            PrintableText.of(locked.path("holder").asString("?")),
                            locked.path("token").asString("?"))));
  }
}
