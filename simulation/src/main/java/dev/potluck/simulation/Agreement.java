package dev.potluck.simulation;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;

/// In the end all machines think the same: of the members, the names, the locks.
final class Agreement implements Check {
  private static final String NAME = "agreement";

  @Override
  public Optional<Violation> violation(History history) {
    Map<String, View> first = new HashMap<>();
    for (View view : history.views()) {
      View other = first.putIfAbsent(view.subject(), view);
      if (other != null && !other.facts().equals(view.facts())) {
        return Optional.of(new Violation(NAME, difference(other, view), List.of()));
      }
    }
    return Optional.empty();
  }

  private static String difference(View one, View other) {
    TreeSet<String> all = new TreeSet<>(one.facts().keySet());
    all.addAll(other.facts().keySet());
    StringBuilder text =
        new StringBuilder(
            "%s and %s differ about %s:".formatted(one.by(), other.by(), one.subject()));
    for (String fact : all) {
      String here = one.facts().getOrDefault(fact, "not there");
      String there = other.facts().getOrDefault(fact, "not there");
      if (!here.equals(there)) {
        text.append("\n  %s: %s; %s".formatted(fact, here, there));
      }
    }
    return text.toString();
  }
}
