package dev.potluck.simulation;

import dev.potluck.simulation.Outcome.Done;
import dev.potluck.simulation.Outcome.Seen;
import java.util.List;
import java.util.Optional;

/// What was deleted, by a deletion that was acknowledged, does not come back by itself: who finds a
/// content under the name later finds one that somebody may have put there since.
final class NothingResurrected implements Check {
  private static final String NAME = "no deleted name comes back";

  @Override
  public Optional<Violation> violation(History history) {
    for (Operation deletion : history.operations()) {
      if (deletion.action() instanceof Action.Delete(String name)
          && deletion.outcome() instanceof Done) {
        Optional<Operation> look =
            history.operations().stream()
                .filter(one -> isResurrected(history, name, deletion, one))
                .findFirst();
        if (look.isPresent()) {
          return Optional.of(
              new Violation(
                  NAME,
                  name + " is there again, as it was before it was deleted",
                  List.of(deletion, look.get())));
        }
      }
    }
    return Optional.empty();
  }

  private static boolean isResurrected(
      History history, String name, Operation deletion, Operation look) {
    return look.action().equals(new Action.Read(name))
        && look.outcome() instanceof Seen seen
        && seen.content().isPresent()
        && deletion.isBefore(look)
        && history.operations().stream()
            .noneMatch(one -> canHaveWritten(one, name, seen, deletion, look));
  }

  private static boolean canHaveWritten(
      Operation one, String name, Seen seen, Operation deletion, Operation look) {
    boolean writes =
        switch (one.action()) {
          case Action.Commit(var edits) ->
              edits.stream()
                  .filter(edit -> edit.name().equals(name))
                  .anyMatch(edit -> seen.content().filter(edit.content()::equals).isPresent());
          case Action.Move(_, String to) -> to.equals(name);
          case Action.Lock _, Action.Unlock _, Action.Delete _, Action.Read _ -> false;
        };
    return writes
        && one.outcome().mayHaveChanged()
        && !one.isBefore(deletion)
        && !look.isBefore(one);
  }
}
