package dev.potluck.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.function.LongFunction;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class PartySimulationTest {
  private static final long SEED = Long.getLong("potluck.seed", 1);
  private static final int PARTIES = 1_000;

  /// Deletions are forgotten while a crashed machine is away.
  static final Duration SOON = Duration.ofSeconds(8);

  /// What holds of names also when their deletions are forgotten.
  private static final List<Check> OF_FORGETTING =
      List.of(new NothingResurrected(), new Agreement(), new TokensGrow());

  @Test
  void aThousandPartiesInTroubleKeepTheirPromises() {
    List<PartyReport> broken = broken(PARTIES, seed -> PartySimulation.run(PartyScenario.of(seed)));

    assertThat(broken).isEmpty();
  }

  @Test
  void partiesOfFiftyKeepTheirPromises() {
    List<PartyReport> broken = broken(4, seed -> PartySimulation.run(PartyScenario.of(seed, 50)));

    assertThat(broken).isEmpty();
  }

  @Test
  void partiesThatForgetDeletionsDoNotBringBackWhatWasDeleted() {
    List<PartyReport> broken =
        broken(
            300,
            seed -> {
              PartyScenario scenario = PartyScenario.of(seed).forgetting(SOON);
              return PartySimulation.run(scenario, Alteration.NONE, OF_FORGETTING);
            });

    assertThat(broken).isEmpty();
  }

  /// Each is one thread in virtual time: they don't disturb each other.
  private static List<PartyReport> broken(int parties, LongFunction<PartyReport> run) {
    List<PartyReport> reports =
        LongStream.range(SEED, SEED + parties).parallel().mapToObj(run).toList();
    System.out.printf(
        "%d parties from seed %d on: %d operations, %d done, %d uncertain, %d troubles%n",
        parties,
        SEED,
        reports.stream().mapToLong(PartyReport::operations).sum(),
        reports.stream().mapToLong(PartyReport::done).sum(),
        reports.stream().mapToLong(PartyReport::uncertain).sum(),
        reports.stream().mapToLong(PartyReport::troubled).sum());
    assertThat(reports).as("they do work").allMatch(report -> report.done() > 5);
    return reports.stream().filter(report -> !report.violations().isEmpty()).toList();
  }

  @Test
  void sameSeedGivesTheSameHistoryAndAnotherSeedAnother() {
    PartyReport report = PartySimulation.run(PartyScenario.of(SEED));

    assertThat(PartySimulation.run(PartyScenario.of(SEED)).history()).isEqualTo(report.history());
    assertThat(PartySimulation.run(PartyScenario.of(SEED + 1)).history())
        .isNotEqualTo(report.history());
  }

  @Test
  void everyTroubleIsMade() {
    List<PartyReport> reports =
        LongStream.range(SEED, SEED + 20)
            .mapToObj(seed -> PartySimulation.run(PartyScenario.of(seed)))
            .toList();

    for (Trouble trouble : Trouble.values()) {
      assertThat(reports)
          .as("%s", trouble)
          .anyMatch(report -> report.troubles().containsKey(trouble));
    }
  }
}
