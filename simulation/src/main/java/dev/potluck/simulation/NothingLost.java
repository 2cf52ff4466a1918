package dev.potluck.simulation;

import dev.potluck.simulation.Action.Edit;
import dev.potluck.simulation.Outcome.Committed;
import dev.potluck.simulation.Outcome.Seen;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// What was acknowledged as a version is that version for good: nobody else gets its number,
/// whoever looks later sees it or a later one, and what is remembered of the past has it.
final class NothingLost implements Check {
  private static final String NAME = "no acknowledged commit is lost";

  private record Version(String name, long number) {}

  private record Written(Operation operation, Version version, String content) {}

  @Override
  public Optional<Violation> violation(History history) {
    List<Written> written = written(history);
    return twice(written).or(() -> lost(history, written));
  }

  private static List<Written> written(History history) {
    List<Written> written = new ArrayList<>();
    for (Operation operation : history.operations()) {
      if (operation.action() instanceof Action.Commit(List<Edit> edits)
          && operation.outcome() instanceof Committed(List<Long> numbers)) {
        for (int i = 0; i < edits.size(); i++) {
          Edit edit = edits.get(i);
          Version version = new Version(edit.name(), numbers.get(i));
          written.add(new Written(operation, version, edit.content()));
        }
      }
    }
    return written;
  }

  private static Optional<Violation> twice(List<Written> written) {
    Map<Version, Written> known = new HashMap<>();
    for (Written one : written) {
      Written other = known.putIfAbsent(one.version, one);
      if (other != null && !other.content.equals(one.content)) {
        return Optional.of(
            new Violation(
                NAME,
                "version %d of %s was acknowledged twice"
                    .formatted(one.version.number, one.version.name),
                List.of(other.operation, one.operation)));
      }
    }
    return Optional.empty();
  }

  private static Optional<Violation> lost(History history, List<Written> written) {
    for (Operation look : history.operations()) {
      if (look.action() instanceof Action.Read(String name)
          && look.outcome() instanceof Seen seen) {
        for (Written one : written) {
          if (one.version.name.equals(name)
              && one.operation.isBefore(look)
              && isMissing(one, seen)) {
            return Optional.of(
                new Violation(
                    NAME,
                    "version %d of %s is gone".formatted(one.version.number, name),
                    List.of(one.operation, look)));
          }
        }
      }
    }
    return Optional.empty();
  }

  private static boolean isMissing(Written one, Seen seen) {
    long number = one.version.number;
    if (number >= seen.number()) {
      boolean same = seen.content().filter(one.content::equals).isPresent();
      return number > seen.number() || !same;
    }
    boolean remembered = !seen.past().isEmpty() && seen.past().firstKey() <= number;
    return remembered && !one.content.equals(seen.past().get(number));
  }
}
