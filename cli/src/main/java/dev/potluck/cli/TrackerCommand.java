package dev.potluck.cli;

import dev.potluck.content.UsageException;
import dev.potluck.peer.TrackerOptions;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// `potluck tracker`.
@Command(
    name = "tracker",
    sortOptions = false,
    description = {
      "Run a machine that keeps the party's directory and shares nothing, until Ctrl-C: alone for a"
          + " new party, or with --join beside the others of one that is there."
    },
    footer = {
      "",
      "Prints one line to standard output once it serves: ready tracker HOST:PORT",
      "invite, ls, find, peers, status, load, expel and events work there with --at DIR."
    })
final class TrackerCommand implements Callable<Integer> {
  private final Surroundings surroundings;
  private final Daemon.Starter<TrackerOptions> starter;

  @Mixin private final PartyOptions party = new PartyOptions();

  @Option(
      names = "--state",
      paramLabel = "DIR",
      description =
          "Where key, authority and directory are kept. Default: ~/.local/state/potluck/tracker.")
  private @Nullable Path state;

  @Option(
      names = "--memory",
      description = "Forget the files, never itself: peers announce them again after a restart.")
  private boolean memory;

  @Option(
      names = {"-v", "--verbose"},
      description = "Log more.")
  private boolean verbose;

  TrackerCommand(Surroundings surroundings, Daemon.Starter<TrackerOptions> starter) {
    this.surroundings = surroundings;
    this.starter = starter;
  }

  @Override
  public Integer call() throws InterruptedException {
    return new DaemonRun(surroundings, verbose).run(begun -> starter.start(options(), begun));
  }

  /// What was typed, checked.
  TrackerOptions options() {
    return new TrackerOptions(
        state == null ? defaultState() : surroundings.resolve(state),
        memory,
        party.presence(Optional.empty()),
        party.membership(),
        party.rhythm());
  }

  private Path defaultState() {
    var variables = surroundings.variables();
    var base = variables.getOrDefault("XDG_STATE_HOME", "");
    if (!base.isEmpty()) {
      return surroundings.resolve(Path.of(base, "potluck", "tracker"));
    }
    var home = variables.getOrDefault("HOME", "");
    if (home.isEmpty()) {
      throw new UsageException("where is the state kept? Say --state DIR");
    }
    return surroundings.resolve(Path.of(home, ".local", "state", "potluck", "tracker"));
  }
}
