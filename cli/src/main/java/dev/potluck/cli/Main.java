package dev.potluck.cli;

/// The program: runs one command and ends with its exit status.
public final class Main {
  private Main() {}

  /// Runs the command that `args` names.
  ///
  /// @param args the command and its arguments, as the user typed them
  public static void main(String[] args) {
    var surroundings = Surroundings.ofProcess();
    var status = new CommandTree(surroundings).execute(args);
    surroundings.out().flush();
    surroundings.err().flush();
    System.exit(status);
  }
}
