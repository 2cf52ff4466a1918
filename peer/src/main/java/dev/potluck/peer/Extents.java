package dev.potluck.peer;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/// Places of a file whose bytes lie in another file, the log: they do not overlap. Immutable.
///
/// @param inOrder by where they begin
record Extents(List<Extent> inOrder) {
  static final Extents NONE = new Extents(List.of());

  /// Bytes that lie together in both.
  ///
  /// @param from where they begin in the file
  /// @param to where they end there
  /// @param at where they begin in the log
  record Extent(long from, long to, long at) {
    Extent {
      if (from < 0 || to <= from || at < 0) {
        throw new IllegalArgumentException("no bytes: " + from + " to " + to + " at " + at);
      }
    }

    long length() {
      return to - from;
    }

    /// The part of it that begins there.
    private Extent beginningAt(long start) {
      return new Extent(start, to, at + start - from);
    }

    private Extent endingAt(long end) {
      return new Extent(from, end, at);
    }
  }

  Extents {
    inOrder = List.copyOf(inOrder);
  }

  /// These, with later ones over them.
  Extents with(Collection<Extent> later) {
    TreeMap<Long, Extent> all = new TreeMap<>();
    inOrder.forEach(extent -> all.put(extent.from(), extent));
    later.forEach(extent -> put(all, extent));
    return new Extents(new ArrayList<>(all.values()));
  }

  private static void put(TreeMap<Long, Extent> all, Extent over) {
    Map.Entry<Long, Extent> before = all.lowerEntry(over.from());
    if (before != null && before.getValue().to() > over.from()) {
      Extent cut = before.getValue();
      all.put(cut.from(), cut.endingAt(over.from()));
      if (cut.to() > over.to()) {
        all.put(over.to(), cut.beginningAt(over.to()));
      }
    }
    for (Map.Entry<Long, Extent> next = all.ceilingEntry(over.from());
        next != null && next.getKey() < over.to();
        next = all.ceilingEntry(over.from())) {
      all.remove(next.getKey());
      if (next.getValue().to() > over.to()) {
        all.put(over.to(), next.getValue().beginningAt(over.to()));
      }
    }
    all.put(over.from(), over);
  }

  /// Those whose bytes were appended to the log since it was so long.
  Extents since(long logBytes) {
    return new Extents(inOrder.stream().filter(extent -> extent.at() >= logBytes).toList());
  }

  /// How long the log is in which the bytes lie.
  long logBytes() {
    return inOrder.stream().mapToLong(extent -> extent.at() + extent.length()).max().orElse(0);
  }

  int count() {
    return inOrder.size();
  }

  /// The first that ends after a position: the one it lies in, or else the next.
  Optional<Extent> endingAfter(long position) {
    int low = 0;
    int high = inOrder.size();
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (inOrder.get(middle).to() <= position) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low < inOrder.size() ? Optional.of(inOrder.get(low)) : Optional.empty();
  }
}
