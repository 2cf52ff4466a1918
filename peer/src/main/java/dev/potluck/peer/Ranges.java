package dev.potluck.peer;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// Places of a file: ranges of bytes that neither overlap nor touch. Not thread-safe.
final class Ranges {
  /// The end of each range by its start.
  private final TreeMap<Long, Long> ends = new TreeMap<>();

  /// One of them.
  record Range(long from, long to) {
    long length() {
      return to - from;
    }
  }

  /// All of them, in order.
  List<Range> all() {
    return ends.entrySet().stream().map(e -> new Range(e.getKey(), e.getValue())).toList();
  }

  int count() {
    return ends.size();
  }

  long bytes() {
    return ends.entrySet().stream().mapToLong(e -> e.getValue() - e.getKey()).sum();
  }

  /// Adds the bytes from one position up to another.
  void add(long from, long to) {
    if (from >= to) {
      return;
    }
    long start = from;
    long end = to;
    Map.Entry<Long, Long> before = ends.floorEntry(start);
    if (before != null && before.getValue() >= start) {
      start = before.getKey();
      end = Math.max(end, before.getValue());
    }
    // What begins within, or where this ends, becomes a part of it.
    for (Map.Entry<Long, Long> next = ends.ceilingEntry(start);
        next != null && next.getKey() <= end;
        next = ends.ceilingEntry(start)) {
      end = Math.max(end, next.getValue());
      ends.remove(next.getKey());
    }
    ends.put(start, end);
  }

  /// Takes away all bytes from a position on.
  void cut(long from) {
    ends.tailMap(from, true).clear();
    Map.Entry<Long, Long> last = ends.lastEntry();
    if (last != null && last.getValue() > from) {
      ends.put(last.getKey(), from);
    }
  }

  boolean contains(long position) {
    Map.Entry<Long, Long> at = ends.floorEntry(position);
    return at != null && at.getValue() > position;
  }

  boolean intersects(long from, long to) {
    Map.Entry<Long, Long> last = ends.lowerEntry(to);
    return last != null && last.getValue() > from;
  }

  /// Where what holds at a position ends: the range it lies in, or else the gap.
  ///
  /// @return the end of the range, or where the next begins; Long.MAX_VALUE if none does
  long endAt(long position) {
    Map.Entry<Long, Long> at = ends.floorEntry(position);
    if (at != null && at.getValue() > position) {
      return at.getValue();
    }
    Long next = ends.higherKey(position);
    return next == null ? Long.MAX_VALUE : next;
  }

  boolean isEmpty() {
    return ends.isEmpty();
  }

  void clear() {
    ends.clear();
  }
}
