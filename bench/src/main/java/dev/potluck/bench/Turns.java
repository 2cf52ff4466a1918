package dev.potluck.bench;

import dev.potluck.content.FailedException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;

/// What was measured of several systems that took turns, so that what else the machine did met all
/// of them.
///
/// @param <T> what is measured in one turn
class Turns<T> {
  private final Map<String, List<T>> measured = new LinkedHashMap<>();
  private final List<String> leftOut = new ArrayList<>();

  final void add(String system, T one) {
    measured.computeIfAbsent(system, _ -> new ArrayList<>()).add(one);
  }

  /// @param how to install what it needs
  final void leaveOut(String system, String how) {
    String line = "%s is left out: %s".formatted(system, how);
    if (!leftOut.contains(line)) {
      leftOut.add(line);
    }
  }

  final List<String> leftOut() {
    return List.copyOf(leftOut);
  }

  final List<String> names() {
    return List.copyOf(measured.keySet());
  }

  /// Of one figure of one system.
  ///
  /// @throws FailedException if that system was not measured
  final Statistics of(String system, ToDoubleFunction<T> figure) {
    return Statistics.of(all(system).stream().map(figure::applyAsDouble).toList());
  }

  /// The median of one system's figure in the other's of the same round.
  ///
  /// @throws FailedException if one of them was not measured
  final double ratio(String system, String other, ToDoubleFunction<T> figure) {
    List<T> ones = all(system);
    List<T> others = all(other);
    List<Double> ratios = new ArrayList<>();
    for (int i = 0; i < Math.min(ones.size(), others.size()); i++) {
      ratios.add(figure.applyAsDouble(ones.get(i)) / figure.applyAsDouble(others.get(i)));
    }
    return Statistics.of(ratios).median();
  }

  /// One figure of all systems as bars.
  final BarChart chart(String title, String unit, ToDoubleFunction<T> figure) {
    List<BarChart.Bar> bars = new ArrayList<>();
    for (String name : names()) {
      Statistics of = of(name, figure);
      bars.add(new BarChart.Bar(name, of.median(), of.least(), of.greatest()));
    }
    return new BarChart(title, unit, bars);
  }

  private List<T> all(String system) {
    List<T> all = measured.get(system);
    if (all == null) {
      throw new FailedException(system + " was not measured");
    }
    return all;
  }
}
