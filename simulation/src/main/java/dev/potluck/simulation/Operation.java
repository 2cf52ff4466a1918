package dev.potluck.simulation;

import java.util.Locale;

/// One action and what came of it: somewhere between the two times it took effect, or, if the
/// outcome is uncertain, at any time after the first, or never.
///
/// @param machine that asked, and whose lock it is that it takes
/// @param dated whether the answer may tell of any time before: read from the memory of one who
///   need not be the directory any more
public record Operation(
    String machine,
    Action action,
    long invokedNanos,
    Outcome outcome,
    long answeredNanos,
    boolean dated) {

  public Operation {
    if (outcome.isCertain() && answeredNanos < invokedNanos) {
      throw new IllegalArgumentException("answered before it was asked: " + action);
    }
  }

  /// The earliest time of which the answer may tell.
  long earliestNanos() {
    return dated ? Long.MIN_VALUE : invokedNanos;
  }

  /// Whether this was over when the other was asked.
  boolean isBefore(Operation other) {
    return outcome.isCertain() && answeredNanos < other.earliestNanos();
  }

  @Override
  public String toString() {
    String until =
        outcome.isCertain()
            ? String.format(Locale.ROOT, "%9.3f s", answeredNanos / 1e9)
            : "        ...";
    return String.format(
        Locale.ROOT,
        "%9.3f s - %s  %-10s %s -> %s%s",
        invokedNanos / 1e9,
        until,
        machine,
        action,
        outcome,
        dated ? " (dated)" : "");
  }
}
