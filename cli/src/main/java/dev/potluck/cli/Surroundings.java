package dev.potluck.cli;

import java.io.BufferedOutputStream;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.InputStream;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;

/// What a command sees of the process it runs in; tests hand in their own.
///
/// @param in standard input
/// @param out standard output: facts only
/// @param err standard error: progress, notes and errors
/// @param folder the caller's working folder, absolute
/// @param variables the environment variables
/// @param terminals which of `in`, `out` and `err` are a terminal
record Surroundings(
    InputStream in,
    PrintStream out,
    PrintStream err,
    Path folder,
    Map<String, String> variables,
    Set<String> terminals) {

  Surroundings {
    variables = Map.copyOf(variables);
    terminals = Set.copyOf(terminals);
    if (!folder.isAbsolute()) {
      throw new IllegalArgumentException("not absolute: " + folder);
    }
  }

  /// Those of this process. The launcher tells which streams are a terminal.
  static Surroundings ofProcess() {
    return new Surroundings(
        System.in,
        utf8(FileDescriptor.out, 8192),
        utf8(FileDescriptor.err, 1024),
        Path.of("").toAbsolutePath(),
        System.getenv(),
        Set.of(System.getProperty("potluck.terminals", "").split(",", -1)));
  }

  PrintWriter outWriter() {
    return new PrintWriter(out, true, StandardCharsets.UTF_8);
  }

  PrintWriter errWriter() {
    return new PrintWriter(err, true, StandardCharsets.UTF_8);
  }

  /// The path the caller means by `path`.
  Path resolve(Path path) {
    return folder.resolve(path).normalize();
  }

  /// Whether standard output is a terminal, so that colours make sense.
  boolean colours() {
    return terminals.contains("out") && !variables.containsKey("NO_COLOR");
  }

  /// Whether progress can be drawn on standard error.
  boolean progress() {
    return terminals.contains("err") && !"dumb".equals(variables.get("TERM"));
  }

  private static PrintStream utf8(FileDescriptor descriptor, int bufferBytes) {
    return new PrintStream(
        new BufferedOutputStream(new FileOutputStream(descriptor), bufferBytes),
        true,
        StandardCharsets.UTF_8);
  }
}
