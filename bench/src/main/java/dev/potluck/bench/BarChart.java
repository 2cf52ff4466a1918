package dev.potluck.bench;

import java.util.List;
import java.util.Locale;

/// Bars beside each other, each with the range of what was measured.
record BarChart(String title, String unit, List<Bar> bars) implements Chart {
  private static final int WIDTH = 640;
  private static final int LABELS = 170;
  private static final int FIGURES = 90;
  private static final int ROW = 28;
  private static final int TOP = 34;

  /// @param value the bar's length: the median
  /// @param least of what was measured
  /// @param greatest of what was measured
  record Bar(String name, double value, double least, double greatest) {}

  BarChart {
    bars = List.copyOf(bars);
  }

  @Override
  public String svg() {
    double most = bars.stream().mapToDouble(Bar::greatest).max().orElse(1);
    double scale = (WIDTH - LABELS - FIGURES) / Math.max(most, Double.MIN_NORMAL);
    Svg svg = new Svg(WIDTH, TOP + bars.size() * ROW + 8);
    svg.words(WIDTH / 2.0, 20, "middle", title);
    for (int i = 0; i < bars.size(); i++) {
      Bar bar = bars.get(i);
      double top = TOP + i * ROW;
      double middle = top + ROW / 2.0 - 4;
      svg.words(LABELS - 8, middle + 4, "end", bar.name());
      svg.bar(LABELS, top, bar.value() * scale, ROW - 8, Svg.colour(i));
      svg.line(
          LABELS + bar.least() * scale, middle, LABELS + bar.greatest() * scale, middle, "#000000");
      svg.words(
          LABELS + bar.greatest() * scale + 8,
          middle + 4,
          "start",
          String.format(Locale.ROOT, "%.2f %s", bar.value(), unit));
    }
    return svg.picture();
  }
}
