package dev.potluck.simulation;

import java.util.List;
import java.util.Optional;

/// A promise of the party that a history keeps or breaks. Knows nothing of who recorded it: the
/// simulator, or real processes.
public interface Check {
  /// All promises.
  List<Check> ALL =
      List.of(
          new Linearizability(),
          new TokensGrow(),
          new NothingLost(),
          new NothingResurrected(),
          new Agreement());

  /// The first thing that is wrong, if anything is.
  Optional<Violation> violation(History history);

  /// All that is wrong with a history, at most one thing a check.
  static List<Violation> violations(History history) {
    return violations(history, ALL);
  }

  static List<Violation> violations(History history, List<Check> checks) {
    return checks.stream().flatMap(check -> check.violation(history).stream()).toList();
  }
}
