package dev.potluck.cli;

import dev.potluck.content.Name;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;

/// `potluck history NAME`.
@Command(
    name = "history",
    description = "List the versions of a name, the oldest first; get --version N fetches one.",
    footer = {"", "The directory remembers the last 16 versions before the current one."})
final class HistoryCommand implements Callable<Integer> {
  private static final int ROOT_SHOWN = 16;

  private final Surroundings surroundings;
  @Mixin private final Asking asking = new Asking();

  @Parameters(paramLabel = "NAME", description = "The exact name.")
  private String name = "";

  HistoryCommand(Surroundings surroundings) {
    this.surroundings = surroundings;
  }

  @Override
  public Integer call() {
    var args = Map.of("name", Name.of(name).value());
    return asking.print(surroundings, asking.ask(surroundings, "history", args), this::text);
  }

  private void text(JsonNode history) {
    var table = new Table(">VERSION", ">SIZE", "CHANGED", "ROOT");
    for (var version : history.path("versions")) {
      var root = version.path("root").asString("");
      table.row(
          version.path("version").asString("?"),
          version.path("deleted").asBoolean(false)
              ? "deleted"
              : Sizes.shown(version.path("size").asLong()),
          version.path("mtime").asString(""),
          root.substring(0, Math.min(ROOT_SHOWN, root.length())));
    }
    table.print(surroundings);
  }
}
