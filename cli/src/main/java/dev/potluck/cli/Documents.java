package dev.potluck.cli;

import tools.jackson.databind.ObjectMapper;
import tools.jackson.databind.json.JsonMapper;

/// JSON on standard output.
final class Documents {
  private static final ObjectMapper MAPPER = JsonMapper.builder().build();

  private Documents() {}

  /// Prints one document on a line of its own.
  static void print(Surroundings surroundings, Object document) {
    surroundings.out().println(MAPPER.writeValueAsString(document));
  }
}
