package dev.potluck.cli;

import java.util.List;
import java.util.Set;
import picocli.CommandLine;
import picocli.CommandLine.IParameterExceptionHandler;
import picocli.CommandLine.MissingParameterException;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;

/// Says in one line what is wrong with a command line, and in another what to do next.
final class WrongUsage implements IParameterExceptionHandler {
  /// Promised by the design for a later version: refused by name, so that nobody thinks they work.
  private static final Set<String> LATER_OPTIONS =
      Set.of("--policy", "--zone", "--cache-limit", "--repair-after", "--web");

  private static final Set<String> LATER_COMMANDS = Set.of("policy", "where", "mount");

  private final Surroundings surroundings;

  WrongUsage(Surroundings surroundings) {
    this.surroundings = surroundings;
  }

  @Override
  public int handleParseException(ParameterException wrong, String[] args) {
    var parser = wrong.getCommandLine();
    var command = parser.getCommandSpec().qualifiedName(" ");
    surroundings.err().println(command + ": " + what(wrong));
    surroundings.err().println("Try: " + command + " --help");
    return ExitStatus.USAGE;
  }

  private static String what(ParameterException wrong) {
    if (wrong instanceof UnmatchedArgumentException unmatched) {
      return unmatched(unmatched.getUnmatched(), wrong.getCommandLine());
    }
    if (wrong instanceof MissingParameterException missing) {
      return missing(missing);
    }
    return PrintableText.of(String.valueOf(wrong.getMessage()));
  }

  private static String missing(MissingParameterException missing) {
    var words =
        missing.getMissing().stream()
            .map(
                argument ->
                    argument.isOption()
                        ? ((CommandLine.Model.OptionSpec) argument).longestName()
                        : argument.paramLabel())
            .toList();
    return "missing " + String.join(" ", words);
  }

  private static String unmatched(List<String> words, CommandLine parser) {
    var first = words.getFirst();
    var option = first.contains("=") ? first.substring(0, first.indexOf('=')) : first;
    if (LATER_OPTIONS.contains(option)) {
      return "this version does not have " + option + " yet";
    }
    if (!parser.getSubcommands().isEmpty() && LATER_COMMANDS.contains(first)) {
      return "this version does not have the command " + first + " yet";
    }
    if (!parser.getSubcommands().isEmpty() && !first.startsWith("-")) {
      return "no such command: " + PrintableText.of(first);
    }
    if (first.startsWith("-") && first.length() > 1) {
      return "unknown option: " + PrintableText.of(first);
    }
    return "one word too many: " + PrintableText.of(first);
  }
}
