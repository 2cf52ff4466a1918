package dev.potluck.cli;

import dev.potluck.content.FailedException;
import java.util.ArrayList;
import java.util.List;
import java.util.ServiceLoader;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Unmatched;

/// `potluck bench …`: what the benchmarks are is the bench module's business.
@Command(
    name = "bench",
    description =
        "Measure Potluck beside its rivals: all, or single, small, swarm, holders, directory,"
            + " simulate, idle.")
final class BenchCommand implements Callable<Integer> {
  private final Surroundings surroundings;

  @Unmatched private final List<String> words = new ArrayList<>();

  BenchCommand(Surroundings surroundings) {
    this.surroundings = surroundings;
  }

  @Override
  public Integer call() throws Exception {
    var provider =
        ServiceLoader.load(CommandProvider.class).stream()
            .map(ServiceLoader.Provider::get)
            .filter(candidate -> candidate.name().equals("bench"))
            .findFirst()
            .orElseThrow(
                () ->
                    new FailedException(
                        "this build has no benchmarks: run ./potluck in a clone of the sources"));
    return provider.run(
        List.copyOf(words), surroundings.folder(), surroundings.out(), surroundings.err());
  }
}
