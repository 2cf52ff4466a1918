package dev.potluck.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import tools.jackson.databind.JsonNode;

/// `potluck recover`.
@Command(
    name = "recover",
    description = {
      "Begin the party's directory anew on this machine, when most of those who kept it are gone for"
          + " good. Without --yes it says what would happen.",
      "Whoever returns later joins as a peer: nothing of its files is lost."
    })
final class RecoverCommand implements Callable<Integer> {
  private final Surroundings surroundings;
  @Mixin private final Asking asking = new Asking();

  @Option(names = "--yes", description = "Do it.")
  private boolean yes;

  RecoverCommand(Surroundings surroundings) {
    this.surroundings = surroundings;
  }

  @Override
  public Integer call() {
    JsonNode answer = asking.ask(surroundings, "recover", Map.of("yes", yes));
    int status = asking.print(surroundings, answer, this::print);
    return yes ? status : ExitStatus.USAGE;
  }

  private void print(JsonNode recovered) {
    var out = surroundings.out();
    boolean done = recovered.path("done").asBoolean(false);
    List<String> lost = new ArrayList<>();
    recovered.path("lost").forEach(peer -> lost.add(PrintableText.of(peer.asString(""))));
    String keepers = lost.isEmpty() ? "" : " (kept by " + String.join(", ", lost) + ")";
    out.println(
        "%s the party's directory anew here, as epoch %d, with the %d names that this machine knows"
            .formatted(
                done ? "began" : "would begin",
                recovered.path("epoch").asInt(0),
                recovered.path("names").asLong(0)));
    out.println(
        "what the old directory%s agreed on and nobody here has heard of may be missing, until a"
            .formatted(keepers));
    out.println("machine that has it returns; all locks are over");
    if (!recovered.path("admits").asBoolean(true)) {
      out.println(
          "this machine has no copy of the party's key: nobody new can be let in until one that"
              + " has returns");
    }
    if (!done) {
      out.println("to do it: potluck recover --yes");
    }
  }
}
