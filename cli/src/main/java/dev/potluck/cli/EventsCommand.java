package dev.potluck.cli;

import dev.potluck.peer.ControlClient;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/// `potluck events`.
@Command(
    name = "events",
    description = "Print what happens, as it happens: one JSON document a line, until Ctrl-C.")
final class EventsCommand implements Callable<Integer> {
  private final Surroundings surroundings;
  @Mixin private final Asking asking = new Asking();

  EventsCommand(Surroundings surroundings) {
    this.surroundings = surroundings;
  }

  @Override
  public Integer call() {
    try (var client = ControlClient.connect(asking.share(surroundings))) {
      client.events(
          Map.of(),
          event -> {
            Documents.print(surroundings, event);
            surroundings.out().flush();
          });
    }
    return ExitStatus.DONE;
  }
}
