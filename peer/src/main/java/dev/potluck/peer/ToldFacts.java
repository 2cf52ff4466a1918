package dev.potluck.peer;

import dev.potluck.content.Name;
import dev.potluck.directory.Fact;
import dev.potluck.directory.FactDigest;
import dev.potluck.directory.Verdict;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What the directory was told that this peer holds, with its digest, and what it was asked and has
/// not answered. Used by one thread.
final class ToldFacts {
  private final Map<Name, Fact.Holds> held = new HashMap<>();
  private final Map<Name, Fact.Edited> proposed = new HashMap<>();

  /// Edits that were said in vain, as far as is known: whether they became versions is not.
  private final Map<Name, Fact.Edited> inDoubt = new HashMap<>();

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

  /// A verdict has come.
  ///
  /// @return what it answers; null if it is about something that was held
  Fact.@Nullable Edited answered(Verdict verdict) {
    Name name = verdict.name();
    Fact.Edited edit = proposed.get(name);
    if (edit == null || !answers(verdict, edit)) {
      return null;
    }
    inDoubt.remove(name);
    proposed.remove(name);
    return edit.said(false);
  }

  /// What was held before an edit may be answered after the edit was said: that is no answer to it.
  private static boolean answers(Verdict verdict, Fact.Edited edit) {
    return switch (verdict) {
      case Verdict.Stale _, Verdict.Buried _, Verdict.Forgotten _ -> false;
      case Verdict.Current(_, var version) -> version.sameContent(edit.version());
      case Verdict.Conflict _, Verdict.Rejected _ -> true;
    };
  }

  /// This edit may have been said before.
  void doubts(Fact.Edited edited) {
    inDoubt.put(edited.name(), edited);
  }

  /// An edit as it is to be said now: perhaps again.
  Fact.Edited asSaid(Fact.Edited edited) {
    Fact.Edited before = inDoubt.get(edited.name());
    return edited.said(
        before != null
            && before.base() == edited.base()
            && before.version().sameContent(edited.version()));
  }

  /// Names whose edits will not be answered any more: the session is over.
  List<Name> takeProposed() {
    List<Name> names = List.copyOf(proposed.keySet());
    doubtProposed();
    return names;
  }

  /// All is about to be said anew.
  void clear() {
    held.clear();
    doubtProposed();
    digest = FactDigest.EMPTY;
  }

  private void doubtProposed() {
    proposed.values().forEach(edited -> doubts(edited.said(false)));
    proposed.clear();
  }
}
