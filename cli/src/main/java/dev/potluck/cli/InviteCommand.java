package dev.potluck.cli;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import tools.jackson.databind.JsonNode;

/// `potluck invite`.
@Command(
    name = "invite",
    description = "Print a ticket that lets one more machine in.",
    footer = {"", "There: potluck up --share DIR --join TICKET"})
final class InviteCommand implements Callable<Integer> {
  private final Surroundings surroundings;
  @Mixin private final Asking asking = new Asking();

  @Option(
      names = "--valid",
      paramLabel = "D",
      converter = Durations.class,
      description = "How long the ticket can be used. Default: 1d.")
  private Duration valid = Duration.ofDays(1);

  InviteCommand(Surroundings surroundings) {
    this.surroundings = surroundings;
  }

  @Override
  public Integer call() {
    var args = Map.of("valid_ms", valid.toMillis());
    return asking.print(surroundings, asking.ask(surroundings, "invite", args), this::text);
  }

  /// The ticket alone on standard output, for scripts; the advice beside it.
  private void text(JsonNode invitation) {
    surroundings.out().println(invitation.path("ticket").asString(""));
    if (surroundings.terminals().contains("out")) {
      surroundings
          .err()
          .println(
              "For one machine, until %s. There: potluck up --share DIR --join TICKET"
                  .formatted(invitation.path("expires").asString("it expires")));
    }
  }
}
