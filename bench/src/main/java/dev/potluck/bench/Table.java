package dev.potluck.bench;

import java.util.ArrayList;
import java.util.List;

/// Rows under headings; the first column is text, the others are figures.
final class Table {
  private final List<String> headings;
  private final List<List<String>> rows = new ArrayList<>();

  Table(List<String> headings) {
    this.headings = List.copyOf(headings);
  }

  void add(String... cells) {
    if (cells.length != headings.size()) {
      throw new IllegalArgumentException(
          "%d cells under %d headings".formatted(cells.length, headings.size()));
    }
    rows.add(List.of(cells));
  }

  String markdown() {
    StringBuilder text = new StringBuilder(line(headings));
    text.append("| --- |").append(" ---: |".repeat(headings.size() - 1)).append('\n');
    rows.forEach(row -> text.append(line(row)));
    return text.toString();
  }

  private static String line(List<String> cells) {
    return "| "
        + String.join(" | ", cells.stream().map(cell -> cell.replace("|", "\\|")).toList())
        + " |\n";
  }
}
