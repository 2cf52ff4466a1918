package dev.potluck.directory;

import dev.potluck.content.Name;
import dev.potluck.content.Version;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/// All names the directory knows, live and deleted: by hash for one, in order for many.
final class NameTable {
  private static final int SMALLEST = 64;

  private final History history = new History();
  private final SortedNames sorted = new SortedNames();
  private @Nullable NameState[] slots = new @Nullable NameState[SMALLEST];
  private int size;
  private long live;

  int size() {
    return size;
  }

  @Nullable NameState get(Name name) {
    return slots[slotOf(slots, name.value())];
  }

  /// How many are not deleted.
  long live() {
    return live;
  }

  /// What names were before.
  History history() {
    return history;
  }

  /// Makes a name this version, or with `deleted` this tombstone.
  NameState set(Name name, Version version, boolean deleted, long revision) {
    NameState state = get(name);
    if (state == null) {
      state = new NameState(name, version, deleted, revision);
      add(state);
      live += deleted ? 0 : 1;
    } else {
      live += (deleted ? 0 : 1) - (state.isLive() ? 1 : 0);
      history.add(state.name, state.version(), !state.isLive());
      state.become(version, deleted, revision);
    }
    return state;
  }

  private void add(NameState state) {
    if (size + 1 > slots.length * 2L / 3) {
      rehash(slots.length * 2, _ -> true);
    }
    slots[slotOf(slots, state.name.value())] = state;
    sorted.add(state);
    size++;
  }

  /// Whether something was deleted so long ago.
  boolean hasDeletions(Instant until) {
    return size > live && sorted.has(state -> isDeletion(state, until));
  }

  /// Forgets the names that were deleted so long ago, and what they were before.
  ///
  /// @return their tombstones
  List<NameState> removeDeleted(Instant until) {
    List<NameState> gone = new ArrayList<>();
    if (size > live) {
      sorted.removeIf(state -> isDeletion(state, until) && gone.add(state));
    }
    if (!gone.isEmpty()) {
      gone.forEach(state -> history.remove(state.name));
      size -= gone.size();
      Set<NameState> removed = Collections.newSetFromMap(new IdentityHashMap<>());
      removed.addAll(gone);
      rehash(slots.length, state -> !removed.contains(state));
    }
    return gone;
  }

  private static boolean isDeletion(NameState state, Instant until) {
    return !state.isLive() && !state.mtime().isAfter(until);
  }

  /// All names in order, after this text; valid until the next {@link #set} or {@link
  /// #removeDeleted}.
  Iterator<NameState> after(String text) {
    return sorted.from(text, false);
  }

  /// What is below a folder, in order: live and deleted; valid for as long.
  Iterator<NameState> below(String folder, String afterText) {
    String start = folder + "/";
    return afterText.compareTo(start) < 0
        ? sorted.from(start, false)
        : sorted.from(afterText, false);
  }

  /// The live name that makes it impossible for this one to be there: a file on the way to it, or,
  /// for a leaf, something below it.
  @Nullable NameState clashing(Name name, boolean leaf) {
    NameState ancestor = leafOnTheWayTo(name);
    if (ancestor != null || !leaf) {
      return ancestor;
    }
    String folder = name.value() + "/";
    for (Iterator<NameState> below = sorted.from(folder, false); below.hasNext(); ) {
      NameState state = below.next();
      if (!state.name.value().startsWith(folder)) {
        return null;
      }
      if (state.isLive()) {
        return state;
      }
    }
    return null;
  }

  /// The live file or symlink that stands where this name needs a folder.
  @Nullable NameState leafOnTheWayTo(Name name) {
    String text = name.value();
    for (int slash = text.indexOf('/'); slash >= 0; slash = text.indexOf('/', slash + 1)) {
      NameState ancestor = slots[slotOf(slots, text.substring(0, slash))];
      if (ancestor != null && ancestor.isLive() && ancestor.isLeaf()) {
        return ancestor;
      }
    }
    return null;
  }

  private void rehash(int length, Predicate<NameState> stays) {
    @Nullable NameState[] anew = new @Nullable NameState[length];
    for (NameState state : slots) {
      if (state != null && stays.test(state)) {
        anew[slotOf(anew, state.name.value())] = state;
      }
    }
    slots = anew;
  }

  /// Where the name is, or the free slot where it would be.
  private static int slotOf(@Nullable NameState[] slots, String text) {
    int mask = slots.length - 1;
    int hash = text.hashCode() * 0x9e37_79b9;
    int slot = (hash ^ (hash >>> 15)) & mask;
    for (NameState state = slots[slot]; state != null; state = slots[slot]) {
      if (state.name.value().equals(text)) {
        return slot;
      }
      slot = (slot + 1) & mask;
    }
    return slot;
  }
}
