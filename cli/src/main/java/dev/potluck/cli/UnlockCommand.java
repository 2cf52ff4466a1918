package dev.potluck.cli;

import dev.potluck.content.Name;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/// `potluck unlock NAME`.
@Command(
    name = "unlock",
    description = "Let others write a name again that this peer has locked.",
    footer = {
      "",
      "Exit status: 5 if this peer does not have the lock; 3 if there is no such name."
    })
final class UnlockCommand implements Callable<Integer> {
  private final Surroundings surroundings;
  @Mixin private final Asking asking = new Asking();

  @Parameters(paramLabel = "NAME", description = "The exact name.")
  private String name = "";

  UnlockCommand(Surroundings surroundings) {
    this.surroundings = surroundings;
  }

  @Override
  public Integer call() {
    var args = Map.of("name", Name.of(name).value());
    return asking.print(
        surroundings,
        asking.ask(surroundings, "unlock", args),
        unlocked ->
            surroundings
                .out()
                .println(PrintableText.of(unlocked.path("name").asString(name)) + " is unlocked"));
  }
}
