package dev.potluck.cli;

import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/// `potluck rm NAME…`.
@Command(
    name = "rm",
    description = "Delete names everywhere. Copies go to each peer's trash; see restore.")
final class RmCommand implements Callable<Integer> {
  private final Surroundings surroundings;
  @Mixin private final Asking asking = new Asking();

  @Parameters(paramLabel = "NAME", arity = "1..*", description = "The exact names.")
  private List<String> names = List.of();

  RmCommand(Surroundings surroundings) {
    this.surroundings = surroundings;
  }

  @Override
  public Integer call() {
    var removed = asking.ask(surroundings, "rm", Map.of("names", Names.of(names)));
    return asking.print(
        surroundings,
        removed,
        document ->
            document
                .path("names")
                .forEach(
                    name ->
                        surroundings
                            .out()
                            .println("removed " + PrintableText.of(name.asString("")))));
  }
}
