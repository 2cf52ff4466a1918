package dev.potluck.cli;

import picocli.CommandLine.Option;

/// `--json`, on every command that prints facts.
final class JsonOption {
  @Option(names = "--json", description = "Print one JSON document instead of text.")
  private boolean wanted;

  boolean wanted() {
    return wanted;
  }
}
