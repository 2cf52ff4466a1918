package dev.potluck.cli;

import dev.potluck.content.FailedException;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.concurrent.Callable;
import org.jline.reader.EOFError;
import org.jline.reader.EndOfFileException;
import org.jline.reader.LineReader;
import org.jline.reader.LineReaderBuilder;
import org.jline.reader.UserInterruptException;
import org.jline.terminal.Terminal;
import org.jline.terminal.TerminalBuilder;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/// `potluck shell`.
@Command(
    name = "shell",
    description = "Type commands, with history and completion. Reads a script from a pipe, too.",
    footer = {
      "",
      "The same commands, without potluck before them; also the classic words updatelist, getload,",
      "find, download and exit. Ctrl-C ends a command, Ctrl-D or exit the shell."
    })
final class ShellCommand implements Callable<Integer> {
  private static final String PROMPT = "potluck> ";

  private final Surroundings surroundings;

  @Option(names = "--at", paramLabel = "DIR", description = "The share of the peer to ask.")
  private @Nullable Path at;

  ShellCommand(Surroundings surroundings) {
    this.surroundings = surroundings;
  }

  @Override
  public Integer call() {
    var share = new ShareLocator(surroundings).running(at);
    var variables = new HashMap<>(surroundings.variables());
    variables.put(ShareLocator.VARIABLE, share.toString());
    var inner =
        new Surroundings(
            surroundings.in(),
            surroundings.out(),
            surroundings.err(),
            surroundings.folder(),
            variables,
            surroundings.terminals());
    try {
      return surroundings.terminals().contains("in") ? atTerminal(inner, share) : script(inner);
    } catch (IOException e) {
      throw new FailedException("cannot read commands: " + e.getMessage(), e);
    }
  }

  /// Runs the lines of standard input; the status is that of the last command.
  private static int script(Surroundings inner) throws IOException {
    var status = ExitStatus.DONE;
    var lines = new BufferedReader(new InputStreamReader(inner.in(), StandardCharsets.UTF_8));
    for (var line = lines.readLine(); line != null; line = lines.readLine()) {
      if (isExit(line)) {
        break;
      }
      status = execute(inner, line, status);
    }
    return status;
  }

  private static int atTerminal(Surroundings inner, Path share) throws IOException {
    try (var terminal = TerminalBuilder.builder().system(true).build()) {
      var reader = reader(terminal, inner, share);
      var me = Thread.currentThread();
      terminal.handle(Terminal.Signal.INT, signal -> me.interrupt());
      inner.out().println("help lists the commands, Tab completes, exit leaves.");
      while (true) {
        try {
          var line = reader.readLine(PROMPT);
          if (isExit(line)) {
            return ExitStatus.DONE;
          }
          execute(inner, line, ExitStatus.DONE);
        } catch (UserInterruptException _) {
          inner.out().flush(); // Ctrl-C at the prompt: a new line
        } catch (EndOfFileException _) {
          return ExitStatus.DONE; // Ctrl-D
        } finally {
          Thread.interrupted(); // the command is over, and so is its cancellation
        }
      }
    }
  }

  private static LineReader reader(Terminal terminal, Surroundings inner, Path share) {
    var builder =
        LineReaderBuilder.builder()
            .terminal(terminal)
            .appName("potluck")
            .completer(new ShellCompleter(share, new CommandTree(inner).whole()))
            .option(LineReader.Option.DISABLE_EVENT_EXPANSION, true);
    var history = historyFile(inner);
    if (history != null) {
      builder.variable(LineReader.HISTORY_FILE, history);
    }
    return builder.build();
  }

  private static @Nullable Path historyFile(Surroundings inner) {
    var home = inner.variables().getOrDefault("HOME", "");
    if (home.isEmpty()) {
      return null;
    }
    var state = inner.variables().getOrDefault("XDG_STATE_HOME", home + "/.local/state");
    try {
      return Files.createDirectories(Path.of(state, "potluck")).resolve("history");
    } catch (IOException e) {
      inner.err().println("potluck: no history is kept: " + e.getMessage());
      return null;
    }
  }

  private static boolean isExit(String line) {
    return line.strip().equals("exit") || line.strip().equals("quit");
  }

  /// Runs one line.
  ///
  /// @param before the status if the line is empty
  private static int execute(Surroundings inner, String line, int before) {
    try {
      var words = ShellWords.of(line);
      if (words.isEmpty()) {
        return before;
      }
      var first = words.getFirst();
      if (first.equals("help")) {
        return help(inner, words.size() > 1 ? words.get(1) : "");
      }
      if (ShellWords.NOT_HERE.contains(first)) {
        inner.err().println("potluck: " + first + " does not work in the shell");
        return ExitStatus.USAGE;
      }
      return new CommandTree(inner).execute(words.toArray(String[]::new));
    } catch (EOFError _) {
      inner.err().println("potluck: a quote is not closed");
      return ExitStatus.USAGE;
    }
  }

  private static int help(Surroundings inner, String command) {
    var tree = new CommandTree(inner);
    return command.isEmpty() ? tree.execute("--help") : tree.execute(command, "--help");
  }
}
