package dev.potluck.cli;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;

/// Runs commands in this process and keeps what they print.
final class Stage {
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();
  private final Surroundings surroundings;

  Stage(Path folder) {
    this(folder, Map.of(), "");
  }

  Stage(Path folder, Map<String, String> variables, String input) {
    surroundings =
        new Surroundings(
            new ByteArrayInputStream(input.getBytes(StandardCharsets.UTF_8)),
            new PrintStream(out, true, StandardCharsets.UTF_8),
            new PrintStream(err, true, StandardCharsets.UTF_8),
            folder,
            variables,
            Set.of());
  }

  Surroundings surroundings() {
    return surroundings;
  }

  /// Runs one command line; its exit status.
  int run(String... args) {
    return new CommandTree(surroundings).execute(args);
  }

  String out() {
    return out.toString(StandardCharsets.UTF_8);
  }

  String err() {
    return err.toString(StandardCharsets.UTF_8);
  }
}
