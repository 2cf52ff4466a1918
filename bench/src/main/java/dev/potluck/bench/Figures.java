package dev.potluck.bench;

import dev.potluck.content.FailedException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// One figure of several systems, measured in turns.
final class Figures {
  private final Map<String, List<Double>> values = new LinkedHashMap<>();

  void add(String system, double value) {
    values.computeIfAbsent(system, _ -> new ArrayList<>()).add(value);
  }

  List<String> systems() {
    return List.copyOf(values.keySet());
  }

  /// @throws FailedException if that system was not measured
  Statistics of(String system) {
    return Statistics.of(all(system));
  }

  /// The median of one system's figure in the other's of the same round.
  double ratio(String system, String other) {
    List<Double> ones = all(system);
    List<Double> others = all(other);
    List<Double> ratios = new ArrayList<>();
    for (int i = 0; i < Math.min(ones.size(), others.size()); i++) {
      ratios.add(ones.get(i) / others.get(i));
    }
    return Statistics.of(ratios).median();
  }

  private List<Double> all(String system) {
    List<Double> all = values.get(system);
    if (all == null) {
      throw new FailedException(system + " was not measured");
    }
    return all;
  }

  /// The figures as bars.
  BarChart chart(String title, String unit) {
    List<BarChart.Bar> bars = new ArrayList<>();
    for (String system : systems()) {
      Statistics of = of(system);
      bars.add(new BarChart.Bar(system, of.median(), of.least(), of.greatest()));
    }
    return new BarChart(title, unit, bars);
  }
}
