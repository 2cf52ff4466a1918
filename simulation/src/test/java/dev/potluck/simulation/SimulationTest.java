package dev.potluck.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SimulationTest {
  private static final long SEED = Long.getLong("potluck.seed", 20_261_121L);

  private static SwarmReport run(SwarmScenario scenario) {
    SwarmReport report = Simulation.run(scenario);
    System.out.println(report);
    assertThat(report.isComplete()).as("%s", report).isTrue();
    assertThat(report.unverified()).as("%s", report).isZero();
    return report;
  }

  @ParameterizedTest
  @CsvSource({"1, 1.10", "2, 1.05", "8, 1.08", "16, 1.08", "100, 1.12", "1000, 1.15"})
  void flashCrowdIsDoneNearTheLowerBound(int peers, double ratio) {
    SwarmReport report = run(SwarmScenario.flashCrowd(peers, SEED));

    assertThat(report.ratio()).isBetween(1.0, ratio);
  }

  /// As long as it takes through the queues of real links and processors, or across a country.
  @ParameterizedTest
  @CsvSource({"8, 5, 1.08", "8, 20, 1.30"})
  void flashCrowdIsDoneNearTheLowerBoundOverLongWays(int peers, int milliseconds, double ratio) {
    SwarmReport report =
        run(SwarmScenario.flashCrowd(peers, SEED).withLatency(Duration.ofMillis(milliseconds)));

    assertThat(report.ratio()).isBetween(1.0, ratio);
  }

  @Test
  void sameSeedGivesTheSameTraceAndAnotherSeedAnother() {
    SwarmScenario scenario = SwarmScenario.flashCrowd(12, SEED).withCrashes(2, true).withLiars(1);

    long trace = run(scenario).traceHash();

    assertThat(run(scenario).traceHash()).isEqualTo(trace);
    assertThat(run(SwarmScenario.flashCrowd(12, SEED + 1).withCrashes(2, true).withLiars(1)))
        .extracting(SwarmReport::traceHash)
        .isNotEqualTo(trace);
  }

  @Test
  void severalSeedsAreAllUsed() {
    SwarmReport report = run(SwarmScenario.flashCrowd(8, SEED).withSeeds(4));

    assertThat(report.ratio()).isLessThan(1.3);
  }

  @Test
  void everySurvivorCompletesWhateverHappens() {
    for (int i = 0; i < 20; i++) {
      SwarmScenario scenario =
          SwarmScenario.flashCrowd(12, SEED + i)
              .withSize(16L << 20)
              .withCrashes(3, i % 2 == 0)
              .withMessages(0.01, 0.02)
              .withLiars(2);

      run(scenario);
    }
  }

  @Test
  void longWaysAreFilled() {
    SwarmReport report = run(SwarmScenario.flashCrowd(1, SEED).withLatency(Duration.ofMillis(50)));

    assertThat(report.ratio()).isLessThan(1.2);
  }
}
