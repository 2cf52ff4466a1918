package dev.potluck.bench;

import dev.potluck.content.FailedException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.ToDoubleFunction;

/// Runs crowds in turns on the same scene, and keeps what was measured.
final class Contest {
  private final Map<String, List<Arrivals>> measured = new LinkedHashMap<>();
  private final List<String> leftOut = new ArrayList<>();

  static Contest of(Lab lab, int rounds, List<Crowd> crowds, Scene scene)
      throws IOException, InterruptedException {
    Contest contest = new Contest();
    for (int round = 0; round < rounds; round++) {
      for (Crowd crowd : crowds) {
        Optional<String> missing = crowd.missing();
        if (missing.isPresent()) {
          String line = "%s is left out: %s".formatted(crowd.name(), missing.get());
          if (!contest.leftOut.contains(line)) {
            contest.leftOut.add(line);
          }
          continue;
        }
        Arrivals one = crowd.run(scene);
        lab.say(
            "round %d, %s, %d to %d: last %.3f s, mean %.3f s",
            round + 1,
            crowd.name(),
            scene.seeds().size(),
            scene.leechers().size(),
            one.last(),
            one.mean());
        contest.measured.computeIfAbsent(crowd.name(), _ -> new ArrayList<>()).add(one);
      }
    }
    return contest;
  }

  List<String> leftOut() {
    return List.copyOf(leftOut);
  }

  List<String> names() {
    return List.copyOf(measured.keySet());
  }

  /// Of one figure of one system.
  Statistics of(String name, ToDoubleFunction<Arrivals> figure) {
    List<Arrivals> all = measured.get(name);
    if (all == null) {
      throw new FailedException(name + " was not measured");
    }
    return Statistics.of(all.stream().map(figure::applyAsDouble).toList());
  }

  /// The median of one system's last arrival in the other's of the same round.
  double ratio(String name, String other) {
    List<Arrivals> ones = measured.getOrDefault(name, List.of());
    List<Arrivals> others = measured.getOrDefault(other, List.of());
    List<Double> ratios = new ArrayList<>();
    for (int i = 0; i < Math.min(ones.size(), others.size()); i++) {
      ratios.add(ones.get(i).last() / others.get(i).last());
    }
    return Statistics.of(ratios).median();
  }

  /// The times of the last ones as bars.
  BarChart chart(String title) {
    List<BarChart.Bar> bars = new ArrayList<>();
    for (String name : names()) {
      Statistics seconds = of(name, Arrivals::last);
      bars.add(new BarChart.Bar(name, seconds.median(), seconds.least(), seconds.greatest()));
    }
    return new BarChart(title, "s", bars);
  }
}
