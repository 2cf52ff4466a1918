package dev.potluck.simulation;

import dev.potluck.simulation.Action.Edit;
import dev.potluck.simulation.Outcome.Committed;
import dev.potluck.simulation.Outcome.Granted;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// A token is of one lock only, tokens grow from lock to lock, and nothing is committed under one
/// once a later lock of the same name was given out or the lock was given back.
final class TokensGrow implements Check {
  private static final String NAME = "tokens grow";

  private record Grant(Operation operation, String name, long token) {}

  @Override
  public Optional<Violation> violation(History history) {
    List<Grant> grants = grants(history);
    return shared(grants)
        .or(() -> shrinking(grants))
        .or(() -> shrinkingOverNames(history, grants))
        .or(() -> underStale(history, grants));
  }

  private static List<Grant> grants(History history) {
    List<Grant> grants = new ArrayList<>();
    for (Operation operation : history.operations()) {
      if (operation.action() instanceof Action.Lock(String name)
          && operation.outcome() instanceof Granted(long token)) {
        grants.add(new Grant(operation, name, token));
      }
    }
    grants.sort(Comparator.comparingLong(grant -> grant.operation.invokedNanos()));
    return grants;
  }

  private static Optional<Violation> shared(List<Grant> grants) {
    Map<Long, Grant> owners = new HashMap<>();
    for (Grant grant : grants) {
      Grant other = owners.putIfAbsent(grant.token, grant);
      if (other != null
          && !(other.name.equals(grant.name)
              && other.operation.machine().equals(grant.operation.machine()))) {
        return violation("token " + grant.token + " was given out twice", other, grant);
      }
    }
    return Optional.empty();
  }

  private static Optional<Violation> shrinking(List<Grant> grants) {
    for (Grant later : grants) {
      for (Grant earlier : grants) {
        if (earlier.name.equals(later.name)
            && earlier.operation.isBefore(later.operation)
            && earlier.token > later.token) {
          return violation("the token of " + later.name + " became smaller", earlier, later);
        }
      }
    }
    return Optional.empty();
  }

  /// Over all names, for locks that were surely taken anew: not by a machine that may have had them
  /// already.
  private static Optional<Violation> shrinkingOverNames(History history, List<Grant> grants) {
    Set<Operation> again = new HashSet<>();
    for (Grant grant : grants) {
      for (Operation before : history.operations()) {
        if (before.action().equals(grant.operation.action())
            && before.machine().equals(grant.operation.machine())
            && before.invokedNanos() <= grant.operation.invokedNanos()
            && !before.equals(grant.operation)
            && (before.outcome() instanceof Outcome.Uncertain
                || before.outcome().equals(grant.operation.outcome()))) {
          again.add(grant.operation);
        }
      }
    }
    Grant greatest = null;
    List<Grant> byAnswer = new ArrayList<>(grants);
    byAnswer.sort(Comparator.comparingLong(grant -> grant.operation.answeredNanos()));
    int answered = 0;
    for (Grant grant : grants) {
      while (byAnswer.get(answered).operation.isBefore(grant.operation)) {
        Grant one = byAnswer.get(answered++);
        greatest = greatest == null || one.token > greatest.token ? one : greatest;
      }
      if (greatest != null && grant.token < greatest.token && !again.contains(grant.operation)) {
        return violation("a new lock has a smaller token than one before", greatest, grant);
      }
    }
    return Optional.empty();
  }

  private static Optional<Violation> underStale(History history, List<Grant> grants) {
    for (Operation commit : history.operations()) {
      if (commit.action() instanceof Action.Commit(List<Edit> edits)
          && commit.outcome() instanceof Committed) {
        for (Edit edit : edits) {
          for (Grant grant : grants) {
            if (edit.token() != Action.NO_TOKEN
                && grant.name.equals(edit.name())
                && grant.token > edit.token()
                && grant.operation.isBefore(commit)) {
              return Optional.of(
                  new Violation(
                      NAME,
                      "committed under token %d after %d was given out"
                          .formatted(edit.token(), grant.token),
                      List.of(grant.operation, commit)));
            }
          }
        }
      }
    }
    return Optional.empty();
  }

  private static Optional<Violation> violation(String what, Grant one, Grant other) {
    return Optional.of(new Violation(NAME, what, List.of(one.operation, other.operation)));
  }
}
