package dev.potluck.cli;

import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import tools.jackson.databind.JsonNode;

/// `potluck peers`.
@Command(name = "peers", description = "List the party's members.")
final class PeersCommand implements Callable<Integer> {
  private final Surroundings surroundings;
  @Mixin private final Asking asking = new Asking();

  PeersCommand(Surroundings surroundings) {
    this.surroundings = surroundings;
  }

  @Override
  public Integer call() {
    return asking.print(surroundings, asking.ask(surroundings, "peers", Map.of()), this::text);
  }

  private void text(JsonNode peers) {
    var table = new Table("NAME", "STATE", "ADDRESS", ">FILES", ">SIZE", "ID");
    for (var peer : peers) {
      table.row(
          peer.path("name").asString(""),
          peer.path("state").asString(""),
          peer.path("address").asString("-"),
          peer.path("files").asString(""),
          Sizes.shown(peer.path("bytes").asLong()),
          peer.path("id").asString(""));
    }
    table.print(surroundings);
  }
}
