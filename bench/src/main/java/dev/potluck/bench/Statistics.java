package dev.potluck.bench;

import java.util.Arrays;
import java.util.Collection;

/// Of some figures of the same thing.
record Statistics(double median, double least, double greatest, double mean) {
  static Statistics of(Collection<Double> figures) {
    double[] sorted = sorted(figures);
    return new Statistics(
        percentile(sorted, 0.5),
        sorted[0],
        sorted[sorted.length - 1],
        Arrays.stream(sorted).average().orElseThrow());
  }

  /// The figure that a share of all are not above; between two, in proportion.
  static double percentile(Collection<Double> figures, double share) {
    return percentile(sorted(figures), share);
  }

  private static double[] sorted(Collection<Double> figures) {
    if (figures.isEmpty()) {
      throw new IllegalArgumentException("nothing was measured");
    }
    return figures.stream().mapToDouble(Double::doubleValue).sorted().toArray();
  }

  private static double percentile(double[] sorted, double share) {
    double place = share * (sorted.length - 1);
    int below = (int) place;
    int above = Math.min(below + 1, sorted.length - 1);
    return sorted[below] + (place - below) * (sorted[above] - sorted[below]);
  }
}
