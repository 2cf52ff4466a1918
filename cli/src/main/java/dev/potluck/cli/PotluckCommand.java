package dev.potluck.cli;

import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/// `potluck` without a command.
@Command(
    name = "potluck",
    description = "Everyone brings a folder; everyone sees one file system.",
    synopsisSubcommandLabel = "COMMAND",
    commandListHeading = "%nCommands:%n",
    footer = {
      "",
      "Start here:",
      "  potluck demo                        a whole party on this machine, in under a minute",
      "  potluck up --share DIR              bring a folder (the first one makes the party)",
      "  potluck invite                      a ticket for one more machine",
      "  potluck up --share DIR --join TICKET",
      "",
      "potluck COMMAND --help tells about one command. Exit status: 0 done, 1 failed, 2 wrong usage,",
      "3 no such name, 4 unavailable, 5 conflict, 6 denied, 7 corrupt everywhere."
    })
final class PotluckCommand implements Callable<Integer> {
  private final Surroundings surroundings;

  @Option(names = "--version", description = "Same as the command version.")
  private boolean version;

  @Spec private @Nullable CommandSpec spec;

  PotluckCommand(Surroundings surroundings) {
    this.surroundings = surroundings;
  }

  @Override
  public Integer call() {
    if (version) {
      return new VersionCommand(surroundings).call();
    }
    var parser = Objects.requireNonNull(spec).commandLine();
    throw new ParameterException(parser, "a command is missing");
  }
}
