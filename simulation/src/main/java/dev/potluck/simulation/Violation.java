package dev.potluck.simulation;

import java.util.List;

/// Something that must not be, and what shows it.
///
/// @param check which found it
/// @param evidence the smallest part of the history that is bad, in order of time
public record Violation(String check, String what, List<Operation> evidence) {
  private static final int SHOWN_MAX = 40;

  public Violation {
    evidence = List.copyOf(evidence);
  }

  @Override
  public String toString() {
    StringBuilder text = new StringBuilder(check + ": " + what);
    int from = Math.max(0, evidence.size() - SHOWN_MAX);
    if (from > 0) {
      text.append("\n  ... after ").append(from).append(" more");
    }
    evidence.subList(from, evidence.size()).forEach(one -> text.append("\n  ").append(one));
    return text.toString();
  }
}
