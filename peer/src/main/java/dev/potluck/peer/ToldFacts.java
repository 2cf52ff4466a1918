package dev.potluck.peer;

import dev.potluck.content.Name;
import dev.potluck.directory.Fact;
import dev.potluck.directory.FactDigest;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What the directory was told that this peer holds, with its digest, and what it was asked and has
/// not answered. Used by one thread.
final class ToldFacts {
  private final Map<Name, Fact.Holds> held = new HashMap<>();
  private final Map<Name, Fact.Edited> proposed = new HashMap<>();
  private FactDigest digest = FactDigest.EMPTY;

  FactDigest digest() {
    return digest;
  }

  Fact.@Nullable Holds held(Name name) {
    return held.get(name);
  }

  /// Notes what was sent.
  void sent(Fact fact) {
    switch (fact) {
      case Fact.Holds holds -> holds(holds);
      case Fact.Edited edited -> proposed.put(edited.name(), edited);
      case Fact.GaveUp gaveUp -> gone(gaveUp.name());
      case Fact.Known _ -> {}
    }
  }

  void holds(Fact.Holds now) {
    gone(now.name());
    held.put(now.name(), now);
    digest = digest.with(now);
  }

  void gone(Name name) {
    Fact.Holds before = held.remove(name);
    if (before != null) {
      digest = digest.without(before);
    }
  }

  boolean isProposed(Name name) {
    return proposed.containsKey(name);
  }

  /// Whether edits wait for their verdict.
  boolean awaitsVerdicts() {
    return !proposed.isEmpty();
  }

  /// The verdict has come.
  ///
  /// @return what it answers; null if it is about something that was held
  Fact.@Nullable Edited answered(Name name) {
    return proposed.remove(name);
  }

  /// Names whose edits will not be answered any more: the session is over.
  List<Name> takeProposed() {
    List<Name> names = List.copyOf(proposed.keySet());
    proposed.clear();
    return names;
  }

  /// All is about to be said anew.
  void clear() {
    held.clear();
    proposed.clear();
    digest = FactDigest.EMPTY;
  }
}
