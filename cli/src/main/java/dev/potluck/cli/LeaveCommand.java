package dev.potluck.cli;

import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/// `potluck leave`.
@Command(
    name = "leave",
    description = "Leave the party for good. The files in the share stay where they are.")
final class LeaveCommand implements Callable<Integer> {
  private final Surroundings surroundings;
  @Mixin private final Asking asking = new Asking();

  LeaveCommand(Surroundings surroundings) {
    this.surroundings = surroundings;
  }

  @Override
  public Integer call() {
    return asking.print(
        surroundings,
        asking.ask(surroundings, "leave", Map.of()),
        left -> surroundings.out().println("left the party"));
  }
}
