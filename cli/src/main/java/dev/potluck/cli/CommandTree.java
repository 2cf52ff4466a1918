package dev.potluck.cli;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import picocli.CommandLine;
import picocli.CommandLine.Help.Ansi;

/// All commands by name, and how a command line becomes one of them and an exit status.
///
/// Building the whole tree costs more than most commands: only the one that is asked for is built,
/// unless it is not known or help is wanted.
final class CommandTree {
  /// What a user sees in the list of commands, in this order.
  private static final Map<String, Function<Surroundings, Object>> COMMANDS = new LinkedHashMap<>();

  /// Commands of the launcher and of tests, not of users.
  private static final Map<String, Function<Surroundings, Object>> HIDDEN =
      Map.of("rehearse", RehearseCommand::new);

  static {
    COMMANDS.put("up", surroundings -> new UpCommand(surroundings, Daemons.UP));
    COMMANDS.put("tracker", surroundings -> new TrackerCommand(surroundings, Daemons.TRACKER));
    COMMANDS.put("invite", InviteCommand::new);
    COMMANDS.put("ls", LsCommand::new);
    COMMANDS.put("find", FindCommand::new);
    COMMANDS.put("get", GetCommand::new);
    COMMANDS.put("cat", CatCommand::new);
    COMMANDS.put("put", PutCommand::new);
    COMMANDS.put("rm", RmCommand::new);
    COMMANDS.put("mv", MvCommand::new);
    COMMANDS.put("lock", LockCommand::new);
    COMMANDS.put("unlock", UnlockCommand::new);
    COMMANDS.put("history", HistoryCommand::new);
    COMMANDS.put("restore", RestoreCommand::new);
    COMMANDS.put("update", UpdateCommand::new);
    COMMANDS.put("status", StatusCommand::new);
    COMMANDS.put("peers", PeersCommand::new);
    COMMANDS.put("load", LoadCommand::new);
    COMMANDS.put("events", EventsCommand::new);
    COMMANDS.put("expel", ExpelCommand::new);
    COMMANDS.put("leave", LeaveCommand::new);
    COMMANDS.put("recover", RecoverCommand::new);
    COMMANDS.put("shell", ShellCommand::new);
    COMMANDS.put("demo", DemoCommand::new);
    COMMANDS.put("bench", BenchCommand::new);
    COMMANDS.put("doctor", DoctorCommand::new);
    COMMANDS.put("version", VersionCommand::new);
  }

  private final Surroundings surroundings;

  CommandTree(Surroundings surroundings) {
    this.surroundings = surroundings;
  }

  /// Runs one command line.
  ///
  /// @return its exit status
  int execute(String... args) {
    return parserFor(args).execute(args);
  }

  /// The parser with every command a user can type, as help and the shell need it.
  CommandLine whole() {
    var parser = root();
    COMMANDS.forEach((name, command) -> parser.addSubcommand(name, command.apply(surroundings)));
    return configured(parser);
  }

  /// The commands' words.
  static Set<String> words() {
    return COMMANDS.keySet();
  }

  private CommandLine parserFor(String... args) {
    var word = args.length == 0 ? "" : args[0];
    var command = HIDDEN.getOrDefault(word, COMMANDS.get(word));
    if (command == null) {
      return whole();
    }
    return configured(root().addSubcommand(word, command.apply(surroundings)));
  }

  private CommandLine root() {
    return new CommandLine(new PotluckCommand(surroundings));
  }

  private CommandLine configured(CommandLine parser) {
    helpful(parser);
    parser.getSubcommands().values().forEach(CommandTree::helpful);
    parser.setOut(surroundings.outWriter());
    parser.setErr(surroundings.errWriter());
    parser.setExpandAtFiles(false);
    parser.setCaseInsensitiveEnumValuesAllowed(true);
    parser.setOverwrittenOptionsAllowed(false);
    parser.setUsageHelpWidth(100);
    parser.setColorScheme(
        CommandLine.Help.defaultColorScheme(surroundings.colours() ? Ansi.ON : Ansi.OFF));
    parser.setParameterExceptionHandler(new WrongUsage(surroundings));
    parser.setExecutionExceptionHandler(new Failure(surroundings));
    return parser;
  }

  /// `--help` on every command, but for `bench`, whose words are another module's.
  private static void helpful(CommandLine parser) {
    if (parser.getCommandName().equals("bench")) {
      return;
    }
    parser
        .getCommandSpec()
        .addMixin("help", CommandLine.Model.CommandSpec.forAnnotatedObject(new HelpOption()));
  }
}
