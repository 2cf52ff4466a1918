package dev.potluck.directory;

import dev.potluck.content.Name;
import dev.potluck.content.Version;
import dev.potluck.directory.Copies.Copy;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Who said to hold what: the copies of every name.
final class Holdings {
  private final NameTable names;
  private final Presences presences;

  /// Names that someone holds and the directory has not: what clashed and was not moved away yet.
  private final Map<Name, long[]> strays = new HashMap<>();

  Holdings(NameTable names, Presences presences) {
    this.names = names;
    this.presences = presences;
  }

  /// Records what a fact with its verdict says of the peer's copies.
  ///
  /// @return whether the peer must hear of the verdict
  boolean settle(Presence presence, Fact fact, Verdict verdict) {
    switch (fact) {
      case Fact.Holds holds -> {
        if (!(verdict instanceof Verdict.Rejected || verdict instanceof Verdict.Forgotten)) {
          boolean differs = verdict instanceof Verdict.Conflict;
          record(presence, holds.name(), names.get(holds.name()), copy(holds, differs));
        }
        return !(verdict instanceof Verdict.Current(_, var current))
            || !current.equals(holds.version());
      }
      case Fact.Edited edited -> {
        if (verdict instanceof Verdict.Current(Name name, Version version)) {
          record(presence, name, version, edited.reason());
        }
        return true;
      }
      case Fact.GaveUp(Name name, long number, _) -> {
        giveUp(presence, name, number);
        return false;
      }
      case Fact.Known _ -> {
        return false;
      }
    }
  }

  /// Records a copy that is the version of its name, whole.
  void record(Presence presence, Name name, Version version, Reason reason) {
    Copy copy = new Copy(version.number(), version.content().size(), reason, true, false);
    record(presence, name, names.get(name), copy);
  }

  static Copy copy(Fact.Holds fact, boolean differs) {
    Version version = fact.version();
    long size = version.content().size();
    return new Copy(version.number(), size, fact.reason(), fact.whole(), differs);
  }

  /// Records a copy in place of what the peer had under that name.
  void record(Presence presence, Name name, @Nullable NameState state, Copy copy) {
    long[] copies = state == null ? strays.get(name) : state.copies;
    int index = Copies.indexOf(copies, presence.epoch());
    if (copies != null && index >= 0) {
      if (Copies.isAt(copies, index, presence.epoch(), copy)) {
        return;
      }
      presence.discount(name, Copies.at(copies, index));
      Copies.set(copies, index, presence.epoch(), copy);
    } else {
      recordFirst(presence, name, state, copies, copy);
    }
    presence.count(name, copy);
  }

  private void recordFirst(
      Presence presence,
      Name name,
      @Nullable NameState state,
      long @Nullable [] copies,
      Copy copy) {
    int former = formerIndex(presence, copies);
    if (copies != null && former >= 0) {
      Copies.set(copies, former, presence.epoch(), copy);
      return;
    }
    put(name, state, Copies.added(copies, presence.epoch(), copy, presences::isForgotten));
  }

  /// The copy the peer has under that name, of this epoch or the one before.
  @Nullable Copy held(Presence presence, Name name) {
    NameState state = names.get(name);
    long[] copies = state == null ? strays.get(name) : state.copies;
    int index = Copies.indexOf(copies, presence.epoch());
    int at = index >= 0 ? index : formerIndex(presence, copies);
    return copies == null || at < 0 ? null : Copies.at(copies, at);
  }

  /// Takes back that the peer has a copy of this version.
  void giveUp(Presence presence, Name name, long number) {
    NameState state = names.get(name);
    long[] copies = state == null ? strays.get(name) : state.copies;
    int index = Copies.indexOf(copies, presence.epoch());
    int at = index >= 0 ? index : formerIndex(presence, copies);
    if (copies == null || at < 0 || Copies.numberAt(copies, at) != number) {
      return;
    }
    if (index >= 0) {
      presence.discount(name, Copies.at(copies, index));
    }
    put(name, state, Copies.removed(copies, at));
  }

  /// Whether someone, here or away for now, has the current version whole and did not merely fetch
  /// it.
  boolean isKept(NameState state) {
    long[] copies = state.copies;
    if (copies == null) {
      return false;
    }
    for (int i = 0; i < copies.length; i += 2) {
      if (isCurrent(state, copies, i) && presences.ofEpoch(Copies.epochAt(copies, i)) != null) {
        Copy copy = Copies.at(copies, i);
        if (copy.whole() && copy.reason() != Reason.FETCHED) {
          return true;
        }
      }
    }
    return false;
  }

  /// Who has the current version and is here.
  void eachHolder(NameState state, Instant now, HolderConsumer consumer) {
    long[] copies = state.copies;
    if (copies == null) {
      return;
    }
    for (int i = 0; i < copies.length; i += 2) {
      if (isCurrent(state, copies, i)) {
        Presence presence = presences.ofEpoch(Copies.epochAt(copies, i));
        if (presence != null && presence.isAlive(now)) {
          consumer.accept(presence, Copies.at(copies, i));
        }
      }
    }
  }

  /// Takes up what was held under names that are known only now.
  void adoptStrays(List<Entry> changed) {
    if (!strays.isEmpty()) {
      changed.forEach(entry -> adopt(entry.name()));
    }
  }

  /// Forgets names that nobody holds any more.
  void sweepStrays() {
    strays.values().removeIf(copies -> !isHeld(copies));
  }

  private void adopt(Name name) {
    long[] copies = strays.remove(name);
    NameState state = names.get(name);
    if (copies != null && state != null && state.copies == null) {
      state.copies = copies;
    }
  }

  private boolean isHeld(long[] copies) {
    for (int i = 0; i < copies.length; i += 2) {
      if (copies[i] != 0 && !presences.isForgotten(Copies.epochAt(copies, i))) {
        return true;
      }
    }
    return false;
  }

  private static boolean isCurrent(NameState state, long[] copies, int index) {
    return copies[index] != 0
        && Copies.numberAt(copies, index) == state.number()
        && !Copies.at(copies, index).differs();
  }

  private static int formerIndex(Presence presence, long @Nullable [] copies) {
    int former = presence.formerEpoch();
    return former == Presence.NO_EPOCH ? -1 : Copies.indexOf(copies, former);
  }

  private void put(Name name, @Nullable NameState state, long @Nullable [] copies) {
    if (state != null) {
      state.copies = copies;
    } else if (copies != null) {
      strays.put(name, copies);
    } else {
      strays.remove(name);
    }
  }

  interface HolderConsumer {
    void accept(Presence presence, Copy copy);
  }
}
