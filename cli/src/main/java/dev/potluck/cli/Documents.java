package dev.potluck.cli;

import dev.potluck.peer.JsonText;

/// JSON on standard output.
final class Documents {
  private Documents() {}

  /// Prints one document on a line of its own.
  ///
  /// @param document what JSON knows
  static void print(Surroundings surroundings, Object document) {
    surroundings.out().println(JsonText.of(document));
  }
}
