package dev.potluck.simulation;

import dev.potluck.simulation.Interleavings.Found;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;

/// Locks, commits, deletions and moves look as if each had happened at one moment between question
/// and answer. Names that no operation ties together are looked at one by one, which comes to the
/// same: linearizability is local.
final class Linearizability implements Check {
  private static final String NAME = "linearizability";

  @Override
  public Optional<Violation> violation(History history) {
    for (List<Operation> together : parts(history.operations())) {
      List<String> names = names(together);
      Found found = Interleavings.search(names, together);
      if (found == Found.NOTHING) {
        return Optional.of(
            new Violation(NAME, "not decided for " + names + ": too many orders", together));
      }
      if (found == Found.NO_ORDER) {
        return Optional.of(
            new Violation(
                NAME,
                "no order of these explains what was answered about " + String.join(", ", names),
                smallest(names, together)));
      }
    }
    return Optional.empty();
  }

  private static List<String> names(List<Operation> operations) {
    TreeSet<String> names = new TreeSet<>();
    operations.forEach(operation -> names.addAll(operation.action().names()));
    return List.copyOf(names);
  }

  /// The operations on each set of names that hang together.
  private static List<List<Operation>> parts(List<Operation> operations) {
    Map<String, String> roots = new HashMap<>();
    for (Operation operation : operations) {
      List<String> names = operation.action().names();
      names.forEach(name -> roots.put(root(roots, name), root(roots, names.getFirst())));
    }
    Map<String, List<Operation>> parts = new LinkedHashMap<>();
    for (Operation operation : operations) {
      String root = root(roots, operation.action().names().getFirst());
      parts.computeIfAbsent(root, _ -> new ArrayList<>()).add(operation);
    }
    return List.copyOf(parts.values());
  }

  private static String root(Map<String, String> roots, String name) {
    String at = name;
    for (String up = roots.getOrDefault(at, at); !up.equals(at); up = roots.getOrDefault(at, at)) {
      at = up;
    }
    return at;
  }

  /// The shortest beginning that is bad already, without what changes nothing and is not to blame.
  private static List<Operation> smallest(List<String> names, List<Operation> operations) {
    List<Long> answers =
        operations.stream()
            .filter(operation -> operation.outcome().isCertain())
            .map(Operation::answeredNanos)
            .sorted()
            .distinct()
            .toList();
    int good = -1;
    int bad = answers.size() - 1;
    while (bad - good > 1) {
      int middle = (good + bad) >>> 1;
      if (isBad(names, until(operations, answers.get(middle)))) {
        bad = middle;
      } else {
        good = middle;
      }
    }
    List<Operation> left = new ArrayList<>(until(operations, answers.get(bad)));
    left.sort(Comparator.comparingLong(Operation::invokedNanos));
    for (Operation operation : List.copyOf(left)) {
      if (!operation.outcome().mayHaveChanged()) {
        List<Operation> without = new ArrayList<>(left);
        without.remove(operation);
        left = isBad(names, without) ? without : left;
      }
    }
    return left;
  }

  private static boolean isBad(List<String> names, List<Operation> operations) {
    return Interleavings.search(names, operations) == Found.NO_ORDER;
  }

  /// What was known at a time: what was asked later is not there, what was answered later is open.
  private static List<Operation> until(List<Operation> operations, long atNanos) {
    List<Operation> known = new ArrayList<>();
    for (Operation one : operations) {
      boolean open = !one.outcome().isCertain() || one.answeredNanos() > atNanos;
      if (one.invokedNanos() <= atNanos) {
        known.add(
            open
                ? new Operation(
                    one.machine(),
                    one.action(),
                    one.invokedNanos(),
                    new Outcome.Uncertain(),
                    one.invokedNanos(),
                    one.dated())
                : one);
      }
    }
    return known;
  }
}
