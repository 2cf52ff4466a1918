package dev.potluck.cli;

/// The program: runs one command and ends with its exit status.
public final class Main {
  private Main() {}

  /// Runs the command that `args` names.
  ///
  /// @param args the command and its arguments, as the user typed them
  public static void main(String[] args) {
    System.setProperty(LastingLogManager.PROPERTY, LastingLogManager.class.getName());
    var surroundings = Surroundings.ofProcess();
    var status =
        isVersion(args)
            ? new VersionCommand(surroundings).call()
            : new CommandTree(surroundings).execute(args);
    surroundings.out().flush();
    surroundings.err().flush();
    System.exit(status);
  }

  /// The plain question for the version is answered without building a parser, which takes longer
  /// than the answer.
  private static boolean isVersion(String[] args) {
    return args.length == 1 && args[0].equals("version");
  }
}
