package dev.potluck.bench;

import java.util.List;
import java.util.Locale;

/// A figure the program must reach, and what was measured.
///
/// @param bound the figure
/// @param least whether the bound is the least allowed; else it is the greatest
record Target(String what, double measured, double bound, boolean least, String unit) {
  static Target atMost(String what, double measured, double bound, String unit) {
    return new Target(what, measured, bound, false, unit);
  }

  static Target atLeast(String what, double measured, double bound, String unit) {
    return new Target(what, measured, bound, true, unit);
  }

  /// A figure that is none is not met.
  boolean isMet() {
    return least ? measured >= bound : measured <= bound;
  }

  static Table table(List<Target> targets) {
    Table table = new Table(List.of("target", "measured", "wanted", "met"));
    for (Target target : targets) {
      table.add(
          target.what,
          figure(target.measured) + target.suffix(),
          (target.least ? "at least " : "at most ") + figure(target.bound) + target.suffix(),
          target.isMet() ? "yes" : "**no**");
    }
    return table;
  }

  private String suffix() {
    return unit.isEmpty() ? "" : " " + unit;
  }

  /// Three digits that count, or all before the point.
  static String figure(double value) {
    double size = Math.abs(value);
    int decimals = size >= 100 ? 0 : size >= 10 ? 1 : size >= 0.1 || size == 0 ? 2 : 4;
    return String.format(Locale.ROOT, "%,." + decimals + "f", value);
  }
}
