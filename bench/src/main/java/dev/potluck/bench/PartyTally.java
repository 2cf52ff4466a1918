package dev.potluck.bench;

import dev.potluck.simulation.PartyReport;
import dev.potluck.simulation.Trouble;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.function.BiConsumer;

/// The sum of many simulated parties. Thread-safe.
final class PartyTally {
  private final BiConsumer<String, Object> said;
  private final Map<Trouble, Integer> troubles = new EnumMap<>(Trouble.class);
  private int parties;
  private int broken;
  private long operations;
  private long done;
  private long uncertain;

  /// @param said gets the report of every party that broke a promise
  PartyTally(BiConsumer<String, Object> said) {
    this.said = said;
  }

  /// @return whether all promises were kept
  synchronized boolean add(PartyReport report) {
    parties++;
    operations += report.operations();
    done += report.done();
    uncertain += report.uncertain();
    report.troubles().forEach((trouble, count) -> troubles.merge(trouble, count, Integer::sum));
    if (report.violations().isEmpty()) {
      return true;
    }
    broken++;
    said.accept("%s", report);
    return false;
  }

  /// How many parties broke a promise.
  synchronized int broken() {
    return broken;
  }

  synchronized Section into(Section section) {
    return section.paragraph(
        """
            Parties of machines that crash, freeze, drift, are cut off or lose messages, over the
            directory's own state machine: %s. Checked: linearizability, tokens that grow, lost
            commits, names that come back, agreement.""",
        this);
  }

  @Override
  public synchronized String toString() {
    return String.format(
        Locale.ROOT,
        "%,d parties, %,d operations (%,d done, %,d uncertain), troubles: %s; %s",
        parties,
        operations,
        done,
        uncertain,
        troubles,
        broken == 0 ? "all promises kept" : broken + " PARTIES BROKE A PROMISE");
  }
}
