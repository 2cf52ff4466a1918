package dev.potluck.simulation;

import dev.potluck.simulation.Outcome.Seen;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// What was ever seen of the versions of names. A version is what it is for good: whenever it was
/// seen, it says what can have made it, and most orders need not be tried.
final class KnownVersions {
  private static final String DELETION = "";

  private final Map<String, Map<Long, String>> versions = new HashMap<>();

  KnownVersions(List<Operation> operations) {
    for (Operation operation : operations) {
      if (operation.action() instanceof Action.Read(String name)
          && operation.outcome() instanceof Seen seen) {
        note(versions.computeIfAbsent(name, _ -> new HashMap<>()), seen);
      }
    }
  }

  /// Whoever contradicts what another has seen is found out by the search.
  private static void note(Map<Long, String> known, Seen seen) {
    known.putIfAbsent(seen.number(), seen.content().orElse(DELETION));
    seen.past().forEach(known::putIfAbsent);
    if (!seen.past().isEmpty()) {
      // What lies between and is no version was a deletion.
      for (long number = seen.past().firstKey(); number < seen.number(); number++) {
        known.putIfAbsent(number, seen.past().getOrDefault(number, DELETION));
      }
    }
  }

  /// Whether this can be what the name became with that number.
  ///
  /// @param content empty for a deletion
  boolean allow(String name, long number, Optional<String> content) {
    String known = versions.getOrDefault(name, Map.of()).get(number);
    return known == null || known.equals(content.orElse(DELETION));
  }
}
