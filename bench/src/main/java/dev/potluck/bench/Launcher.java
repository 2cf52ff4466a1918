package dev.potluck.bench;

import dev.potluck.content.FailedException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// The launcher this process was started by: what is measured is started by it too, with the flags
/// and the cache that users get.
record Launcher(Path script) {
  static Launcher ofThisProcess() {
    return of(System.getenv());
  }

  static Launcher of(Map<String, String> environment) {
    String script = environment.get("POTLUCK_LAUNCHER");
    if (script == null) {
      throw new FailedException("benchmarks are started by the launcher: ./potluck bench …");
    }
    return new Launcher(Path.of(script));
  }

  /// A command line for `potluck` with these words.
  List<String> command(List<String> words) {
    List<String> command = new ArrayList<>();
    command.add(script.toString());
    command.addAll(words);
    return command;
  }

  /// Runs a command that does nothing: the first of a build prepares quick starts, which must not
  /// be measured.
  void warmUp() throws IOException, InterruptedException {
    Process process =
        new ProcessBuilder(command(List.of("version")))
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start();
    if (process.waitFor() != 0) {
      throw new FailedException(script + " does not run");
    }
  }

  /// Where reports go unless the user says otherwise.
  Path resultsFolder() {
    return script.resolveSibling("bench").resolve("results");
  }
}
