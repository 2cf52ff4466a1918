package dev.potluck.directory;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/// The names in the order of their text, in chunks of a few hundred: about six bytes a name, where
/// a tree would take forty.
final class SortedNames {
  private static final int CHUNK = 512;
  private static final int SMALLEST = 16;

  private final List<Chunk> chunks = new ArrayList<>();

  /// Adds a name that is not there yet.
  void add(NameState state) {
    if (chunks.isEmpty()) {
      chunks.add(new Chunk());
      chunks.getFirst().insert(state);
      return;
    }
    int at = Math.max(0, chunkOf(state.name.value()));
    Chunk chunk = chunks.get(at);
    if (chunk.size == CHUNK) {
      boolean appends = at == chunks.size() - 1 && chunk.last().compareTo(state.name.value()) < 0;
      // Names that come in order would leave chunks half empty behind them.
      Chunk upper = chunk.splitAt(appends ? CHUNK : CHUNK / 2);
      chunks.add(at + 1, upper);
      if (appends || state.name.value().compareTo(upper.first()) > 0) {
        chunk = upper;
      }
    }
    chunk.insert(state);
  }

  boolean has(Predicate<NameState> wanted) {
    return chunks.stream().anyMatch(chunk -> chunk.has(wanted));
  }

  /// Takes names out.
  void removeIf(Predicate<NameState> goes) {
    chunks.forEach(chunk -> chunk.removeIf(goes));
    chunks.removeIf(chunk -> chunk.size == 0);
  }

  /// The names from this text on, in order; valid until the next {@link #add} or {@link #removeIf}.
  Iterator<NameState> from(String text, boolean inclusive) {
    int at = Math.max(0, chunkOf(text));
    int index = 0;
    if (at < chunks.size()) {
      int found = chunks.get(at).search(text);
      index = found < 0 ? -found - 1 : inclusive ? found : found + 1;
    }
    return new Walk(at, index);
  }

  /// The first name after this text.
  @Nullable NameState after(String text) {
    Iterator<NameState> following = from(text, false);
    return following.hasNext() ? following.next() : null;
  }

  /// The last chunk whose first name is not greater, -1 if all are greater.
  private int chunkOf(String text) {
    int low = 0;
    int high = chunks.size() - 1;
    while (low <= high) {
      int middle = (low + high) >>> 1;
      if (chunks.get(middle).first().compareTo(text) <= 0) {
        low = middle + 1;
      } else {
        high = middle - 1;
      }
    }
    return high;
  }

  private final class Walk implements Iterator<NameState> {
    private int chunk;
    private int index;

    Walk(int chunk, int index) {
      this.chunk = chunk;
      this.index = index;
    }

    @Override
    public boolean hasNext() {
      while (chunk < chunks.size() && index >= chunks.get(chunk).size) {
        chunk++;
        index = 0;
      }
      return chunk < chunks.size();
    }

    @Override
    public NameState next() {
      if (!hasNext()) {
        throw new NoSuchElementException();
      }
      return chunks.get(chunk).states[index++];
    }
  }

  private static final class Chunk {
    private NameState[] states = new NameState[SMALLEST];
    private int size;

    String first() {
      return states[0].name.value();
    }

    String last() {
      return states[size - 1].name.value();
    }

    int search(String text) {
      int low = 0;
      int high = size - 1;
      while (low <= high) {
        int middle = (low + high) >>> 1;
        int order = states[middle].name.value().compareTo(text);
        if (order == 0) {
          return middle;
        }
        if (order < 0) {
          low = middle + 1;
        } else {
          high = middle - 1;
        }
      }
      return -low - 1;
    }

    void insert(NameState state) {
      int at = -search(state.name.value()) - 1;
      if (at < 0) {
        throw new IllegalStateException("already there: " + state.name);
      }
      if (size == states.length) {
        states = Arrays.copyOf(states, Math.min(CHUNK, size + size / 2));
      }
      System.arraycopy(states, at, states, at + 1, size - at);
      states[at] = state;
      size++;
    }

    boolean has(Predicate<NameState> wanted) {
      return Arrays.stream(states, 0, size).anyMatch(wanted);
    }

    void removeIf(Predicate<NameState> goes) {
      NameState[] kept =
          Arrays.stream(states, 0, size).filter(goes.negate()).toArray(NameState[]::new);
      if (kept.length < size) {
        size = kept.length;
        states = Arrays.copyOf(kept, Math.max(SMALLEST, size));
      }
    }

    /// Gives up what lies from this index on.
    Chunk splitAt(int from) {
      Chunk upper = new Chunk();
      upper.size = size - from;
      upper.states = new NameState[Math.max(SMALLEST, upper.size + upper.size / 8)];
      System.arraycopy(states, from, upper.states, 0, upper.size);
      states = Arrays.copyOf(states, from);
      size = from;
      return upper;
    }
  }
}
