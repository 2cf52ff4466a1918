package dev.potluck.directory;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The last transactions, for watchers that are not far behind. Holds no more than so many entries,
/// but always the last transaction; who needs older ones scans the names.
final class ChangeLog {
  private static final int MAX_ENTRIES = 16_384;

  private final Map<Long, Changes> byRevision = new HashMap<>();
  private final Deque<Changes> oldestFirst = new ArrayDeque<>();
  private int entries;

  void add(Changes changes) {
    byRevision.put(changes.revision(), changes);
    oldestFirst.add(changes);
    entries += changes.entries().size();
    while (entries > MAX_ENTRIES && oldestFirst.size() > 1) {
      Changes oldest = oldestFirst.remove();
      byRevision.remove(oldest.revision());
      entries -= oldest.entries().size();
    }
  }

  /// The transaction that made this revision, unless it is too old.
  @Nullable Changes at(long revision) {
    return byRevision.get(revision);
  }
}
