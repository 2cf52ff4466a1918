package dev.potluck.bench;

import dev.potluck.content.FailedException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.ToDoubleFunction;

/// Runs systems in turns, so that what else the machine does meets all of them, and keeps what was
/// measured.
final class Rounds {
  private final Map<String, List<Measurement>> measured = new LinkedHashMap<>();
  private final List<String> leftOut = new ArrayList<>();

  /// Runs all `rounds` times.
  static Rounds of(Lab lab, int rounds, List<Contestant> contestants)
      throws IOException, InterruptedException {
    Rounds result = new Rounds();
    List<Contestant> present = new ArrayList<>();
    for (Contestant contestant : contestants) {
      Optional<String> missing = contestant.missing();
      missing.ifPresentOrElse(
          how -> result.leftOut.add("%s is left out: %s".formatted(contestant.name(), how)),
          () -> present.add(contestant));
      missing.ifPresent(how -> lab.say("%s is left out: %s", contestant.name(), how));
    }
    for (int round = 0; round < rounds; round++) {
      for (Contestant contestant : present) {
        Measurement one = contestant.run(round);
        lab.say(
            "round %d, %s: %.3f s, %.2f + %.2f core-s",
            round + 1,
            contestant.name(),
            one.seconds(),
            one.giverCpuSeconds(),
            one.takerCpuSeconds());
        result.measured.computeIfAbsent(contestant.name(), _ -> new ArrayList<>()).add(one);
      }
    }
    return result;
  }

  List<String> leftOut() {
    return leftOut;
  }

  List<String> names() {
    return List.copyOf(measured.keySet());
  }

  /// Of one figure of one system.
  Statistics of(String name, ToDoubleFunction<Measurement> figure) {
    List<Measurement> all = measured.get(name);
    if (all == null) {
      throw new FailedException(name + " was not measured");
    }
    return Statistics.of(all.stream().map(figure::applyAsDouble).toList());
  }

  /// The median of one system's time in the other's of the same round.
  double ratio(String name, String other) {
    List<Double> ratios = new ArrayList<>();
    List<Measurement> ones = measured.getOrDefault(name, List.of());
    List<Measurement> others = measured.getOrDefault(other, List.of());
    for (int i = 0; i < Math.min(ones.size(), others.size()); i++) {
      ratios.add(ones.get(i).seconds() / others.get(i).seconds());
    }
    return Statistics.of(ratios).median();
  }

  /// A line for each system: time, ratio to the first one's, processor time, memory.
  ///
  /// @param gigabytes that were moved
  Table table(double gigabytes) {
    Table table =
        new Table(
            List.of(
                "system",
                "seconds, median",
                "least to greatest",
                "`" + names().getFirst() + "` in its time",
                "core-s per GB",
                "giver",
                "taker",
                "giver MiB",
                "taker MiB"));
    for (String name : names()) {
      Statistics seconds = of(name, Measurement::seconds);
      table.add(
          name,
          "%.3f".formatted(seconds.median()),
          "%.3f to %.3f".formatted(seconds.least(), seconds.greatest()),
          "%.2f".formatted(ratio(names().getFirst(), name)),
          "%.2f".formatted(of(name, Measurement::cpuSeconds).median() / gigabytes),
          "%.2f".formatted(of(name, Measurement::giverCpuSeconds).median() / gigabytes),
          "%.2f".formatted(of(name, Measurement::takerCpuSeconds).median() / gigabytes),
          mebibytes(of(name, Measurement::giverPeakBytes)),
          mebibytes(of(name, Measurement::takerPeakBytes)));
    }
    return table;
  }

  /// The times as bars.
  BarChart chart(String title) {
    List<BarChart.Bar> bars = new ArrayList<>();
    for (String name : names()) {
      Statistics seconds = of(name, Measurement::seconds);
      bars.add(new BarChart.Bar(name, seconds.median(), seconds.least(), seconds.greatest()));
    }
    return new BarChart(title, "s", bars);
  }

  private static String mebibytes(Statistics bytes) {
    return bytes.median() == 0 ? "-" : "%.0f".formatted(bytes.median() / (1 << 20));
  }
}
