package dev.potluck.cli;

import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/// `potluck restore NAME…`.
@Command(name = "restore", description = "Bring back what lies in this peer's trash.")
final class RestoreCommand implements Callable<Integer> {
  private final Surroundings surroundings;
  @Mixin private final Asking asking = new Asking();

  @Parameters(paramLabel = "NAME", arity = "1..*", description = "The exact names.")
  private List<String> names = List.of();

  RestoreCommand(Surroundings surroundings) {
    this.surroundings = surroundings;
  }

  @Override
  public Integer call() {
    var restored = asking.ask(surroundings, "restore", Map.of("names", Names.of(names)));
    return asking.print(
        surroundings,
        restored,
        document ->
            document
                .path("files")
                .forEach(
                    file ->
                        surroundings
                            .out()
                            .println(
                                "restored %s (version %s)"
                                    .formatted(
                                        PrintableText.of(file.path("name").asString("")),
                                        file.path("version").asString("?")))));
  }
}
