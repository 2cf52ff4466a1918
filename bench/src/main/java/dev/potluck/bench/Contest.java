package dev.potluck.bench;

import java.io.IOException;
import java.util.List;
import java.util.Optional;

/// Runs crowds in turns on the same scene, and keeps what was measured.
final class Contest extends Turns<Arrivals> {
  static Contest of(Lab lab, int rounds, List<Crowd> crowds, Scene scene)
      throws IOException, InterruptedException {
    Contest contest = new Contest();
    for (int round = 0; round < rounds; round++) {
      for (Crowd crowd : crowds) {
        Optional<String> missing = crowd.missing();
        if (missing.isPresent()) {
          contest.leaveOut(crowd.name(), missing.get());
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
        contest.add(crowd.name(), one);
      }
    }
    return contest;
  }

  /// The median of one system's last arrival in the other's of the same round.
  double ratio(String name, String other) {
    return ratio(name, other, Arrivals::last);
  }

  /// The times of the last ones as bars.
  BarChart chart(String title) {
    return chart(title, "s", Arrivals::last);
  }
}
