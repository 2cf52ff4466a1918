package dev.potluck.cli;

import dev.potluck.content.Name;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;

/// `potluck find NAME`.
@Command(
    name = "find",
    description = "Show a name's version, checksum and holders.",
    footer = {"", "Exit status: 3 if there is no such name; 4 if the directory is still learning."})
final class FindCommand implements Callable<Integer> {
  private final Surroundings surroundings;
  @Mixin private final Asking asking = new Asking();
  @Mixin private final WaitOption wait = new WaitOption();

  @Parameters(paramLabel = "NAME", description = "The exact name.")
  private String name = "";

  @Option(names = "--responsible", description = "Show instead who has to know where the name is.")
  private boolean responsible;

  FindCommand(Surroundings surroundings) {
    this.surroundings = surroundings;
  }

  @Override
  public Integer call() {
    if (responsible) {
      var args = Map.of("name", Name.of(name).value());
      return asking.print(
          surroundings, asking.ask(surroundings, "responsible", args), this::responsible);
    }
    var args = Map.of("name", Name.of(name).value(), "wait_ms", wait.millis());
    return asking.print(surroundings, asking.ask(surroundings, "find", args), this::text);
  }

  private void responsible(JsonNode answer) {
    surroundings
        .out()
        .println("Who keeps the directory knows where all names are; first of them for this one:");
    members(answer.path("responsible"));
    surroundings.out().println();
    surroundings.out().println("Of all members, the name's hash gives it to:");
    members(answer.path("by_hash"));
  }

  private void members(JsonNode members) {
    var table = new Table("PEER", "ADDRESS", "ID");
    for (var member : members) {
      table.row(
          member.path("peer").asString(""),
          member.path("address").asString(""),
          member.path("id").asString(""));
    }
    table.print(surroundings);
  }

  private void text(JsonNode found) {
    var facts = new Facts(surroundings);
    facts.fact("name", found.path("name").asString(""));
    facts.fact("version", found.path("version").asString(""));
    facts.fact("size", Facts.size(found.path("size").asLong()));
    facts.fact("root", found.path("root").asString(""));
    facts.fact("policy", found.path("policy").asString(""));
    facts.print();
    if (found.path("cached").asBoolean(false)) {
      surroundings.out().println("The directory is away: this is what was known here last.");
    }
    var holders = found.path("holders");
    surroundings.out().println();
    if (holders.isEmpty()) {
      surroundings.out().println("No holder is up. get --wait D waits for one.");
      return;
    }
    var table = new Table("HOLDER", "ADDRESS", ">PIECES", ">LATENCY", ">LOAD");
    for (var holder : holders) {
      table.row(
          holder.path("peer").asString(""),
          holder.path("address").asString(""),
          holder.path("pieces").asString("?") + "/" + holder.path("of").asString("?"),
          holder.hasNonNull("latency_ms") ? holder.get("latency_ms").asString() + " ms" : "-",
          holder.path("load").asString("-"));
    }
    table.print(surroundings);
  }
}
