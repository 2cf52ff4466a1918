package dev.potluck.cli;

import java.util.LinkedHashMap;
import java.util.Map;

/// Facts about one thing, a line each, aligned.
final class Facts {
  private final Surroundings surroundings;
  private final Map<String, String> lines = new LinkedHashMap<>();

  Facts(Surroundings surroundings) {
    this.surroundings = surroundings;
  }

  void fact(String label, Object value) {
    lines.put(label, PrintableText.of(value.toString()));
  }

  void print() {
    var width = lines.keySet().stream().mapToInt(String::length).max().orElse(0);
    lines.forEach(
        (label, value) ->
            surroundings
                .out()
                .println(
                    (label + " ".repeat(width - label.length()) + "  " + value).stripTrailing()));
  }

  /// A size for people, with the exact one where they differ.
  static String size(long bytes) {
    return bytes < 1024 ? Sizes.shown(bytes) : Sizes.shown(bytes) + " (" + bytes + " bytes)";
  }
}
