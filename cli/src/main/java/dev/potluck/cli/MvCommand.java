package dev.potluck.cli;

import dev.potluck.content.Name;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/// `potluck mv FROM TO`.
@Command(name = "mv", description = "Rename a file everywhere.")
final class MvCommand implements Callable<Integer> {
  private final Surroundings surroundings;
  @Mixin private final Asking asking = new Asking();

  @Parameters(index = "0", paramLabel = "FROM", description = "The name it has.")
  private String from = "";

  @Parameters(index = "1", paramLabel = "TO", description = "The name it gets; must be free.")
  private String to = "";

  MvCommand(Surroundings surroundings) {
    this.surroundings = surroundings;
  }

  @Override
  public Integer call() {
    var args = Map.of("from", Name.of(from).value(), "to", Name.of(to).value());
    return asking.print(
        surroundings,
        asking.ask(surroundings, "mv", args),
        moved ->
            surroundings
                .out()
                .println(
                    "%s is now %s (version %s)"
                        .formatted(
                            PrintableText.of(moved.path("from").asString(from)),
                            PrintableText.of(moved.path("to").asString(to)),
                            moved.path("version").asString("?"))));
  }
}
