package dev.potluck.cli;

import dev.potluck.content.PotluckException;
import dev.potluck.content.UsageException;
import picocli.CommandLine;
import picocli.CommandLine.IExecutionExceptionHandler;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;

/// Says why a command failed, in one line where the user can act on it.
final class Failure implements IExecutionExceptionHandler {
  private final Surroundings surroundings;

  Failure(Surroundings surroundings) {
    this.surroundings = surroundings;
  }

  @Override
  public int handleExecutionException(Exception failure, CommandLine parser, ParseResult parsed) {
    if (failure instanceof ParameterException wrong) {
      return new WrongUsage(surroundings).handleParseException(wrong, new String[0]);
    }
    if (failure instanceof PotluckException expected) {
      say(message(expected));
      if (expected instanceof UsageException) {
        surroundings
            .err()
            .println("Try: " + parser.getCommandSpec().qualifiedName(" ") + " --help");
      }
    } else {
      surroundings.err().println("potluck: this is a bug in Potluck, please report it:");
      failure.printStackTrace(surroundings.err());
    }
    return ExitStatus.of(failure);
  }

  /// A message may have several lines, such as a list of clashing names.
  private void say(String message) {
    var lines = message.lines().map(PrintableText::of).toList();
    surroundings.err().println("potluck: " + String.join("\n  ", lines));
  }

  private static String message(Exception failure) {
    var message = failure.getMessage();
    return message == null ? failure.getClass().getSimpleName() : message;
  }
}
