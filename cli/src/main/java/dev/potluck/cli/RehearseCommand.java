package dev.potluck.cli;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/// Runs through what commands usually do, for the launcher, which records the classes and their
/// state in the cache that later starts begin from.
@Command(name = "rehearse", hidden = true)
final class RehearseCommand implements Callable<Integer> {
  private final Surroundings surroundings;

  @Parameters(description = "short or daemon")
  private String kind = "";

  RehearseCommand(Surroundings surroundings) {
    this.surroundings = surroundings;
  }

  @Override
  public Integer call() {
    var unseen = new PrintStream(new ByteArrayOutputStream(), true, StandardCharsets.UTF_8);
    var stage =
        new Surroundings(
            surroundings.in(),
            unseen,
            unseen,
            surroundings.folder(),
            surroundings.variables(),
            Set.of());
    var tree = new CommandTree(stage);
    tree.execute("version");
    tree.execute("version", "--json");
    tree.execute("--help");
    tree.execute("nonsense");
    if (kind.equals("short")) {
      tree.execute("doctor", "--json");
    }
    return ExitStatus.DONE;
  }
}
