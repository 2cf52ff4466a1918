package dev.potluck.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/// Rows under a heading, in columns as wide as they need to be. Cells are made printable.
final class Table {
  private static final String GAP = "  ";

  private final List<String> heading;
  private final List<List<String>> rows = new ArrayList<>();

  /// A heading that starts with `>` is of a column of numbers, aligned to the right.
  Table(String... heading) {
    this.heading = List.of(heading);
  }

  void row(Object... cells) {
    if (cells.length != heading.size()) {
      throw new IllegalArgumentException(cells.length + " cells for " + heading);
    }
    rows.add(List.of(cells).stream().map(cell -> PrintableText.of(cell.toString())).toList());
  }

  void print(Surroundings surroundings) {
    var bold = surroundings.colours();
    var lines = lines();
    for (var i = 0; i < lines.size(); i++) {
      var line = lines.get(i);
      surroundings.out().println(i == 0 && bold ? "\u001b[1m" + line + "\u001b[0m" : line);
    }
  }

  List<String> lines() {
    var shown = new ArrayList<List<String>>();
    shown.add(heading.stream().map(title -> isNumber(title) ? title.substring(1) : title).toList());
    shown.addAll(rows);
    var widths =
        IntStream.range(0, heading.size())
            .map(column -> shown.stream().mapToInt(row -> width(row.get(column))).max().orElse(0))
            .toArray();
    return shown.stream().map(row -> line(row, widths)).toList();
  }

  private String line(List<String> row, int[] widths) {
    return IntStream.range(0, row.size())
        .mapToObj(
            column -> {
              var cell = row.get(column);
              var padding = " ".repeat(widths[column] - width(cell));
              return isNumber(heading.get(column)) ? padding + cell : cell + padding;
            })
        .collect(Collectors.joining(GAP))
        .stripTrailing();
  }

  private static boolean isNumber(String title) {
    return title.startsWith(">");
  }

  /// Columns on a terminal: wide characters take two, marks that combine none.
  private static int width(String text) {
    return text.codePoints().map(Table::width).sum();
  }

  private static int width(int point) {
    var type = Character.getType(point);
    if (type == Character.NON_SPACING_MARK
        || type == Character.ENCLOSING_MARK
        || type == Character.FORMAT) {
      return 0;
    }
    var wide =
        (point >= 0x1100 && point <= 0x115f)
            || (point >= 0x2e80 && point <= 0xa4cf)
            || (point >= 0xac00 && point <= 0xd7a3)
            || (point >= 0xf900 && point <= 0xfaff)
            || (point >= 0xfe30 && point <= 0xfe6f)
            || (point >= 0xff00 && point <= 0xff60)
            || (point >= 0x1f300 && point <= 0x1faff)
            || (point >= 0x20000 && point <= 0x3fffd);
    return wide ? 2 : 1;
  }
}
