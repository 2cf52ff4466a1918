package dev.potluck.bench;

/// One figure of several systems.
final class Figures extends Turns<Double> {
  Statistics of(String system) {
    return of(system, Double::doubleValue);
  }

  double ratio(String system, String other) {
    return ratio(system, other, Double::doubleValue);
  }

  BarChart chart(String title, String unit) {
    return chart(title, unit, Double::doubleValue);
  }
}
