package dev.potluck.cli;

import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;

/// `potluck load [PEER]`.
@Command(name = "load", description = "Show how many transfers a peer is running now.")
final class LoadCommand implements Callable<Integer> {
  private final Surroundings surroundings;
  @Mixin private final Asking asking = new Asking();

  @Parameters(
      paramLabel = "PEER",
      arity = "0..1",
      description = "A peer's name, id or HOST:PORT. Default: the one that is asked.")
  private @Nullable String peer;

  LoadCommand(Surroundings surroundings) {
    this.surroundings = surroundings;
  }

  @Override
  public Integer call() {
    Map<String, String> args = peer == null ? Map.of() : Map.of("peer", peer);
    return asking.print(surroundings, asking.ask(surroundings, "load", args), this::text);
  }

  private void text(JsonNode loads) {
    var table = new Table("PEER", ">UPLOADS", ">DOWNLOADS", ">LOAD");
    for (var load : loads.isArray() ? loads.valueStream().toList() : List.of(loads)) {
      table.row(
          load.path("peer").asString(""),
          load.path("uploads").asString(""),
          load.path("downloads").asString(""),
          load.path("load").asString(""));
    }
    table.print(surroundings);
  }
}
