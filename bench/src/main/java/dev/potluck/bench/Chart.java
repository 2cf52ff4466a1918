package dev.potluck.bench;

/// A picture of figures.
sealed interface Chart permits BarChart, LineChart {
  String title();

  /// The picture as SVG.
  String svg();
}
