package dev.potluck.bench;

import dev.potluck.content.FailedException;
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

  /// Where reports go unless the user says otherwise.
  Path resultsFolder() {
    return script.resolveSibling("bench").resolve("results");
  }
}
