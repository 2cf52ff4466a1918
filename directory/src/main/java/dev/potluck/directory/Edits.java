package dev.potluck.directory;

import dev.potluck.content.Kind;
import dev.potluck.content.Name;
import dev.potluck.content.Version;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What a user does to names as one transaction: commit, delete, move. All or nothing.
final class Edits {
  private final NameTable names;
  private final Forgotten forgotten;
  private final Transaction transaction;
  private final Judge judge;

  Edits(NameTable names, Forgotten forgotten, Transaction transaction, Judge judge) {
    this.names = names;
    this.forgotten = forgotten;
    this.transaction = transaction;
    this.judge = judge;
  }

  Result commit(List<Fact.Edited> edits) {
    Name twice = clashAmong(edits);
    if (twice != null) {
      return new Result.Refused(Refusal.USAGE, "two edits of one transaction clash at " + twice);
    }
    for (Fact.Edited edit : edits) {
      String locked = judge.locked(edit);
      if (locked != null) {
        return new Result.Refused(Refusal.LOCKED, locked);
      }
    }
    List<Verdict> conflicts = new ArrayList<>();
    List<Ruling> rulings = new ArrayList<>();
    for (Fact.Edited edit : edits) {
      Ruling ruling = judge.judge(edit);
      rulings.add(ruling);
      if (!(ruling.verdict() instanceof Verdict.Current)) {
        conflicts.add(ruling.verdict());
      }
    }
    if (!conflicts.isEmpty()) {
      return new Result.Refused(Refusal.CONFLICT, why(conflicts), conflicts);
    }
    List<Version> versions = new ArrayList<>();
    for (Ruling ruling : rulings) {
      Name name = ruling.verdict().name();
      if (ruling instanceof Ruling.Becomes(Version version, boolean deleted, _)) {
        transaction.set(name, version, deleted);
      }
      versions.add(stateOf(name).version());
    }
    return new Result.Committed(versions, transaction.changes());
  }

  Result delete(List<Name> wanted, Instant now) {
    for (Name name : wanted) {
      String locked = judge.locked(name);
      if (locked != null) {
        return new Result.Refused(Refusal.LOCKED, locked);
      }
    }
    List<Name> missing = new ArrayList<>();
    for (Name name : wanted) {
      NameState state = names.get(name);
      if (state != null && state.isLive()) {
        bury(state, now);
      } else {
        missing.add(name);
      }
    }
    return new Result.Deleted(missing, transaction.changes());
  }

  Result move(Name from, Name to, Instant now) {
    List<NameState> moved = liveIn(from);
    if (moved.isEmpty()) {
      return new Result.Refused(Refusal.NO_SUCH_NAME, "no such name: " + from);
    }
    Result.Refused refused = obstacle(from, to, moved);
    if (refused != null) {
      return refused;
    }
    for (NameState state : moved) {
      Name target = moved(state.name, from, to);
      Version version = state.version().withNumber(numberOf(target) + 1);
      Policy policy = state.policy();
      bury(state, now);
      transaction.set(target, version, false);
      stateOf(target).policy(policy);
    }
    Name first = moved(moved.getFirst().name, from, to);
    return new Result.Moved(stateOf(first).version(), transaction.changes());
  }

  private Result.@Nullable Refused obstacle(Name from, Name to, List<NameState> moved) {
    if (to.isIn(from)) {
      return new Result.Refused(Refusal.USAGE, "can't move " + from + " into itself");
    }
    NameState there = names.get(to);
    if (there != null && there.isLive()) {
      return new Result.Refused(Refusal.CONFLICT, to + " exists: remove it first");
    }
    // Not even an empty place may have something below it: two folders would become one.
    NameState other = names.clashing(to, true);
    if (other != null) {
      return new Result.Refused(Refusal.CONFLICT, other.name + " is in the way of " + to);
    }
    for (NameState state : moved) {
      String text = to.value() + state.name.value().substring(from.value().length());
      if (!Name.isValid(text)) {
        return new Result.Refused(Refusal.USAGE, "the new name would be too long: " + state.name);
      }
      Name target = Name.of(text);
      String locked = judge.locked(state.name);
      String targetLocked = judge.locked(target);
      if (locked != null || targetLocked != null) {
        return new Result.Refused(
            Refusal.LOCKED, locked != null ? locked : String.valueOf(targetLocked));
      }
      if (Math.max(state.number(), numberOf(target)) >= Judge.MAX_NUMBER) {
        return new Result.Refused(Refusal.USAGE, "no more versions of " + state.name);
      }
    }
    return null;
  }

  /// The highest that a name has or had.
  private long numberOf(Name name) {
    NameState state = names.get(name);
    return state == null ? forgotten.number() : state.number();
  }

  private List<NameState> liveIn(Name folder) {
    List<NameState> found = new ArrayList<>();
    NameState itself = names.get(folder);
    if (itself != null && itself.isLive()) {
      found.add(itself);
    }
    for (Iterator<NameState> below = names.below(folder.value(), ""); below.hasNext(); ) {
      NameState state = below.next();
      if (!state.name.isIn(folder)) {
        break;
      }
      if (state.isLive()) {
        found.add(state);
      }
    }
    return found;
  }

  private void bury(NameState state, Instant now) {
    transaction.set(state.name, Judge.tombstone(state, now), true);
  }

  private NameState stateOf(Name name) {
    NameState state = names.get(name);
    if (state == null) {
      throw new IllegalStateException("a judged edit left no name: " + name);
    }
    return state;
  }

  private static Name moved(Name name, Name from, Name to) {
    return Name.of(to.value() + name.value().substring(from.value().length()));
  }

  /// A name that is edited twice, or is a file here and a folder there.
  private static @Nullable Name clashAmong(List<Fact.Edited> edits) {
    Map<String, Kind> kinds = new HashMap<>();
    for (Fact.Edited edit : edits) {
      if (kinds.put(edit.name().value(), edit.version().kind()) != null) {
        return edit.name();
      }
    }
    for (String text : kinds.keySet()) {
      for (int slash = text.indexOf('/'); slash >= 0; slash = text.indexOf('/', slash + 1)) {
        Kind kind = kinds.get(text.substring(0, slash));
        if (kind != null && kind != Kind.FOLDER) {
          return Name.of(text.substring(0, slash));
        }
      }
    }
    return null;
  }

  private static String why(List<Verdict> conflicts) {
    String first =
        switch (conflicts.getFirst()) {
          case Verdict.Conflict(Name name, Entry current, _) when current.name().equals(name) ->
              name + (current.deleted() ? " was deleted" : " has changed") + " meanwhile";
          case Verdict.Conflict(Name name, Entry current, _) ->
              current.name() + " is in the way of " + name;
          case Verdict.Rejected(Name name, String why) -> name + ": " + why;
          case Verdict other -> other.name() + " was refused";
        };
    return conflicts.size() == 1 ? first : first + " (and " + (conflicts.size() - 1) + " more)";
  }
}
