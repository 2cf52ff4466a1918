package dev.potluck.cli;

import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// `potluck leave`.
@Command(
    name = "leave",
    description = {
      "Leave the party for good. The files in the share stay where they are; those that nobody else"
          + " has are given to others first."
    })
final class LeaveCommand implements Callable<Integer> {
  private final Surroundings surroundings;
  @Mixin private final Asking asking = new Asking();

  @Option(
      names = "--abandon",
      description = "Leave at once: the party loses the files that only this machine has.")
  private boolean abandon;

  LeaveCommand(Surroundings surroundings) {
    this.surroundings = surroundings;
  }

  @Override
  public Integer call() {
    return asking.print(
        surroundings,
        asking.ask(surroundings, "leave", Map.of("abandon", abandon)),
        left -> surroundings.out().println("left the party"));
  }
}
