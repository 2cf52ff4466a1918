package dev.potluck.directory;

import dev.potluck.content.Name;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Names whose last copy may just have been deleted by its user. A name goes only when it is sure
/// that nobody else keeps it: every member must have said what it holds since this directory
/// started, and those that are away must not have had it. Until then it waits here.
final class LastCopies {
  /// Beyond this many the names just stay, without a holder, until they are deleted.
  private static final int MAX_WAITING = 65_536;

  private static final int MAX_AT_ONCE = 4_096;

  private final NameTable names;
  private final Holdings holdings;
  private final Map<Name, Gone> waiting = new LinkedHashMap<>();
  private boolean worthALook;

  private record Gone(PeerId by, long number) {}

  LastCopies(NameTable names, Holdings holdings) {
    this.names = names;
    this.holdings = holdings;
  }

  /// Whether the name goes with the copy that was just given up, as far as is known.
  boolean wasLast(Name name, long number) {
    NameState state = names.get(name);
    return state != null
        && state.isLive()
        && state.number() == number
        && state.policy().equals(Policy.NONE)
        && !holdings.isKept(state);
  }

  void add(PeerId by, Name name, long number) {
    if (waiting.size() < MAX_WAITING) {
      waiting.put(name, new Gone(by, number));
      worthALook = true;
    }
  }

  /// Something is known now that was not.
  void look() {
    worthALook = !waiting.isEmpty();
  }

  /// Deletes what has waited long enough, one peer's at a time.
  Optional<Command> due() {
    if (!worthALook) {
      return Optional.empty();
    }
    waiting.entrySet().removeIf(gone -> !wasLast(gone.getKey(), gone.getValue().number()));
    worthALook = !waiting.isEmpty();
    if (waiting.isEmpty()) {
      return Optional.empty();
    }
    PeerId by = waiting.values().iterator().next().by();
    List<Fact> facts = new ArrayList<>();
    Iterator<Map.Entry<Name, Gone>> all = waiting.entrySet().iterator();
    while (all.hasNext() && facts.size() < MAX_AT_ONCE) {
      Map.Entry<Name, Gone> gone = all.next();
      if (gone.getValue().by().equals(by)) {
        facts.add(new Fact.GaveUp(gone.getKey(), gone.getValue().number(), true));
        all.remove();
      }
    }
    return Optional.of(new Command.Learn(by, facts));
  }
}
