package dev.potluck.cli;

import java.io.PrintStream;
import java.nio.file.Path;
import java.util.List;

/// A command that lives in a module below this one, found by `java.util.ServiceLoader`.
public interface CommandProvider {
  /// The word that the user types.
  String name();

  /// Runs it.
  ///
  /// @param args what follows the name
  /// @param folder the caller's working folder
  /// @param out standard output
  /// @param err standard error
  /// @return the exit status
  int run(List<String> args, Path folder, PrintStream out, PrintStream err) throws Exception;
}
