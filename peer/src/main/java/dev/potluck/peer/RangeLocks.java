package dev.potluck.peer;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/// The locks there are on one file, as POSIX has them: what an owner locks takes the place of what
/// it had there, so that ranges split and merge. Pure, and not thread-safe.
final class RangeLocks {
  private final List<FileLock> held = new ArrayList<>();

  List<FileLock> all() {
    return List.copyOf(held);
  }

  boolean isEmpty() {
    return held.isEmpty();
  }

  /// A lock of another owner that is in the way of this one.
  Optional<FileLock> conflict(FileLock wanted) {
    return held.stream().filter(wanted::conflictsWith).findFirst();
  }

  boolean any(Predicate<FileLock> such) {
    return held.stream().anyMatch(such);
  }

  /// Gives an owner a lock, in place of whatever it had in its range.
  void put(FileLock lock) {
    clear(lock.owner(), lock.first(), lock.last());
    FileLock merged = lock;
    for (FileLock other : all()) {
      if (other.isAlike(lock) && touches(merged, other)) {
        held.remove(other);
        merged =
            merged.withRange(
                Math.min(merged.first(), other.first()), Math.max(merged.last(), other.last()));
      }
    }
    held.add(merged);
  }

  private static boolean touches(FileLock one, FileLock other) {
    boolean before = other.last() != Long.MAX_VALUE && other.last() + 1 == one.first();
    boolean behind = one.last() != Long.MAX_VALUE && one.last() + 1 == other.first();
    return before || behind;
  }

  /// Takes a range away from what an owner has.
  void clear(long owner, long first, long last) {
    for (FileLock lock : all()) {
      if (lock.owner() == owner && lock.overlaps(first, last)) {
        held.remove(lock);
        if (lock.first() < first) {
          held.add(lock.withRange(lock.first(), first - 1));
        }
        if (lock.last() > last) {
          held.add(lock.withRange(last + 1, lock.last()));
        }
      }
    }
  }

  void removeIf(Predicate<FileLock> such) {
    held.removeIf(such);
  }
}
