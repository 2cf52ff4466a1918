package dev.potluck.cli;

import java.util.LinkedHashMap;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;

/// `potluck ls [PREFIX] [--peer PEER]`.
@Command(name = "ls", description = "List the party's names, and who has them.")
final class LsCommand implements Callable<Integer> {
  private final Surroundings surroundings;
  @Mixin private final Asking asking = new Asking();

  @Parameters(paramLabel = "PREFIX", arity = "0..1", description = "Only names in this folder.")
  private @Nullable String prefix;

  @Option(names = "--peer", paramLabel = "PEER", description = "Only what this peer has.")
  private @Nullable String peer;

  LsCommand(Surroundings surroundings) {
    this.surroundings = surroundings;
  }

  @Override
  public Integer call() {
    var args = new LinkedHashMap<String, Object>();
    if (prefix != null) {
      args.put("prefix", Names.folder(prefix));
    }
    if (peer != null) {
      args.put("peer", peer);
    }
    return asking.print(surroundings, asking.ask(surroundings, "ls", args), this::text);
  }

  private void text(JsonNode names) {
    if (names.isEmpty()) {
      surroundings.err().println("No names yet.");
      return;
    }
    var table = new Table("NAME", ">VERSION", ">SIZE", "HERE", "HOLDERS");
    for (var name : names) {
      table.row(
          name.path("name").asString(""),
          name.path("version").asString(""),
          Sizes.shown(name.path("size").asLong()),
          here(name.path("here")),
          holders(name.path("holders")));
    }
    table.print(surroundings);
  }

  private static String here(JsonNode here) {
    return here.isBoolean() ? (here.asBoolean() ? "yes" : "") : here.asString("");
  }

  private static String holders(JsonNode holders) {
    return holders.isArray()
        ? holders.valueStream().map(peer -> peer.asString("")).collect(Collectors.joining(" "))
        : holders.asString("");
  }
}
