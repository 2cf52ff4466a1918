package dev.potluck.cli;

import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import tools.jackson.databind.JsonNode;

/// `potluck status`.
@Command(name = "status", description = "Show how this peer and its party are.")
final class StatusCommand implements Callable<Integer> {
  private static final int SHOWN_MAX = 20;

  private final Surroundings surroundings;
  @Mixin private final Asking asking = new Asking();

  StatusCommand(Surroundings surroundings) {
    this.surroundings = surroundings;
  }

  @Override
  public Integer call() {
    return asking.print(surroundings, asking.ask(surroundings, "status", Map.of()), this::text);
  }

  private void text(JsonNode status) {
    var facts = new Facts(surroundings);
    facts.fact("name", status.path("name").asString(""));
    facts.fact("id", status.path("id").asString(""));
    facts.fact("address", status.path("address").asString(""));
    facts.fact("share", status.path("share").asString(""));
    facts.fact(
        "party",
        status.path("open").asBoolean(false)
            ? "OPEN: encrypted, but whoever can reach it is in"
            : "closed: by ticket only");
    facts.fact("directory", directory(status.path("directory")));
    facts.fact("transfers", transfers(status));
    facts.fact("corrupt pieces", status.path("corrupt_pieces").asString("0"));
    var durability = status.path("durability");
    if (durability.isObject()) {
      facts.fact("durability", fields(durability));
    }
    facts.print();
    distrusted(status.path("distrusted"));
    unsaved(status.path("unsaved"));
    names("EDITED (safe; the file in the share follows)", status.path("overlaid"));
    setAside(status.path("set_aside"));
    skipped(surroundings, status.path("skipped"));
  }

  private static String directory(JsonNode directory) {
    var leader = directory.path("leader").asString("");
    return directory.path("role").asString("?")
        + (leader.isEmpty() ? ", leader unknown" : ", leader " + leader)
        + ", "
        + (directory.path("members").isArray()
            ? directory.path("members").size()
            : directory.path("members").asString("?"))
        + " members";
  }

  private static String transfers(JsonNode status) {
    var transfers = status.path("transfers");
    if (status.has("uploads") && status.has("downloads")) {
      return "%s up, %s down"
          .formatted(status.get("uploads").asString("?"), status.get("downloads").asString("?"));
    }
    return transfers.isArray() ? transfers.size() + " running" : fields(transfers);
  }

  private static String fields(JsonNode object) {
    return object.isObject()
        ? object
            .propertyStream()
            .filter(field -> !field.getValue().isNull())
            .map(field -> field.getKey().replace('_', ' ') + " " + field.getValue().asString(""))
            .collect(Collectors.joining(", "))
        : object.asString("");
  }

  private void distrusted(JsonNode distrusted) {
    if (distrusted.isEmpty()) {
      return;
    }
    surroundings.out().println();
    var table = new Table("DISTRUSTED", ">PIECES", "WHY");
    for (var peer : distrusted) {
      table.row(
          peer.path("peer").asString(""),
          peer.path("pieces").asString(""),
          peer.path("why").asString(""));
    }
    table.print(surroundings);
  }

  /// What is kept of files that were written in the mount and could not be saved.
  private void unsaved(JsonNode unsaved) {
    names("UNSAVED", unsaved);
  }

  /// What the party had forgotten when this machine came back.
  private void setAside(JsonNode names) {
    names("SET ASIDE (deleted while this machine was away; potluck restore NAME)", names);
    if (names.size() > SHOWN_MAX) {
      surroundings.out().println("and " + (names.size() - SHOWN_MAX) + " more: status --json");
    }
  }

  private void names(String title, JsonNode names) {
    if (names.isEmpty()) {
      return;
    }
    surroundings.out().println();
    var table = new Table(title);
    names.valueStream().limit(SHOWN_MAX).forEach(name -> table.row(name.asString("")));
    table.print(surroundings);
  }

  /// What of a share is not shared, and why.
  static void skipped(Surroundings surroundings, JsonNode skipped) {
    if (skipped.isEmpty()) {
      return;
    }
    surroundings.out().println();
    var table = new Table("SKIPPED", "WHY");
    skipped
        .valueStream()
        .limit(SHOWN_MAX)
        .forEach(file -> table.row(file.path("path").asString(""), file.path("why").asString("")));
    table.print(surroundings);
    if (skipped.size() > SHOWN_MAX) {
      surroundings.out().println("and " + (skipped.size() - SHOWN_MAX) + " more: status --json");
    }
  }
}
