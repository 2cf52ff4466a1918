package dev.potluck.simulation;

import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/// What came of a {@link PartyScenario}.
///
/// @param troubles what went wrong, how often
/// @param violations of what a party promises: none, or something is badly wrong
/// @param events that happened in virtual time
public record PartyReport(
    PartyScenario scenario,
    History history,
    Map<Trouble, Integer> troubles,
    List<Violation> violations,
    long events) {
  public PartyReport {
    troubles = new EnumMap<>(troubles);
    violations = List.copyOf(violations);
  }

  public int operations() {
    return history.operations().size();
  }

  /// How many were answered by a yes.
  public long done() {
    return history.operations().stream()
        .filter(one -> one.outcome().isCertain() && one.outcome().mayHaveChanged())
        .count();
  }

  public long uncertain() {
    return history.operations().stream().filter(one -> !one.outcome().isCertain()).count();
  }

  public int troubled() {
    return troubles.values().stream().mapToInt(Integer::intValue).sum();
  }

  @Override
  public String toString() {
    StringBuilder text =
        new StringBuilder(
            String.format(
                Locale.ROOT,
                "party of %d, %d seats, seed %d: %d operations, %d done, %d uncertain;"
                    + " troubles: %s; %s",
                scenario.machines(),
                scenario.seats(),
                scenario.seed(),
                operations(),
                done(),
                uncertain(),
                troubles,
                violations.isEmpty() ? "all promises kept" : "PROMISES BROKEN"));
    violations.forEach(violation -> text.append('\n').append(violation));
    if (!violations.isEmpty()) {
      text.append("\nagain: ").append(again());
    }
    return text.toString();
  }

  private String again() {
    if (scenario.forgets()) {
      return "mvn test -pl simulation -am -Dtest=PartySimulationTest -Dpotluck.seed="
          + scenario.seed();
    }
    String command = "./potluck bench simulate --seeds 1 --first-seed " + scenario.seed();
    boolean usual = scenario.equals(PartyScenario.of(scenario.seed()));
    return usual ? command : command + " --party " + scenario.machines();
  }
}
