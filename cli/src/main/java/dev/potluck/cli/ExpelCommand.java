package dev.potluck.cli;

import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/// `potluck expel PEER`.
@Command(name = "expel", description = "Put a peer out of the party, for good.")
final class ExpelCommand implements Callable<Integer> {
  private final Surroundings surroundings;
  @Mixin private final Asking asking = new Asking();

  @Parameters(paramLabel = "PEER", description = "Its name, or its id where names are ambiguous.")
  private String peer = "";

  ExpelCommand(Surroundings surroundings) {
    this.surroundings = surroundings;
  }

  @Override
  public Integer call() {
    return asking.print(
        surroundings,
        asking.ask(surroundings, "expel", Map.of("peer", peer)),
        expelled ->
            surroundings
                .out()
                .println(
                    "expelled %s (%s)"
                        .formatted(
                            PrintableText.of(expelled.path("name").asString(peer)),
                            expelled.path("id").asString(""))));
  }
}
