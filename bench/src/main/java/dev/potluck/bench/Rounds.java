package dev.potluck.bench;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Runs systems in turns, so that what else the machine does meets all of them, and keeps what was
/// measured.
final class Rounds extends Turns<Measurement> {
  /// Runs all `rounds` times.
  static Rounds of(Lab lab, int rounds, List<Contestant> contestants)
      throws IOException, InterruptedException {
    Rounds result = new Rounds();
    List<Contestant> present = new ArrayList<>();
    for (Contestant contestant : contestants) {
      Optional<String> missing = contestant.missing();
      missing.ifPresentOrElse(
          how -> result.leaveOut(contestant.name(), how), () -> present.add(contestant));
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
        result.add(contestant.name(), one);
      }
    }
    return result;
  }

  /// The median of one system's time in the other's of the same round.
  double ratio(String name, String other) {
    return ratio(name, other, Measurement::seconds);
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
    return chart(title, "s", Measurement::seconds);
  }

  private static String mebibytes(Statistics bytes) {
    return bytes.median() == 0 ? "-" : "%.0f".formatted(bytes.median() / (1 << 20));
  }
}
