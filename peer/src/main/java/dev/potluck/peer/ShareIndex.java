package dev.potluck.peer;

import dev.potluck.content.ContentId;
import dev.potluck.content.Name;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// The database's file records in memory, by path, name and content. Reads never wait; writers hold
/// the monitor from checking {@link #isClaimed} until the database and this agree.
final class ShareIndex {
  private final Map<String, FileRecord> byPath = new ConcurrentHashMap<>();
  private final Map<Name, FileRecord> byName = new ConcurrentHashMap<>();
  private final Map<ContentId, Holding> byContent = new ConcurrentHashMap<>();
  private final Set<String> doubtful = ConcurrentHashMap.newKeySet();
  private final Set<String> claimed = new HashSet<>();

  @Nullable FileRecord at(String path) {
    return byPath.get(path);
  }

  @Nullable FileRecord named(Name name) {
    return byName.get(name);
  }

  List<FileRecord> holding(ContentId content) {
    List<FileRecord> records = new ArrayList<>();
    for (Holding at = byContent.get(content); at != null; at = at.next()) {
      records.add(at.record());
    }
    return records;
  }

  Collection<FileRecord> all() {
    return byPath.values();
  }

  /// Records whose files were seen as recorded since the start, or changed while it ran.
  Stream<FileRecord> trusted() {
    return byPath.values().stream().filter(record -> !doubtful.contains(record.path()));
  }

  boolean isTrusted(String path) {
    return !doubtful.contains(path);
  }

  synchronized void put(FileRecord record) {
    FileRecord before = byPath.put(record.path(), record);
    if (before != null) {
      forget(before);
    }
    byName.put(record.name(), record);
    byContent.compute(record.content(), (id, others) -> new Holding(record, others));
    doubtful.remove(record.path());
  }

  synchronized void remove(String path) {
    FileRecord before = byPath.remove(path);
    if (before != null) {
      forget(before);
    }
    doubtful.remove(path);
  }

  private void forget(FileRecord record) {
    byName.remove(record.name(), record);
    byContent.computeIfPresent(record.content(), (id, holding) -> holding.without(record));
  }

  /// Leaves all records out of {@link #trusted} until their files are seen.
  void doubtAll() {
    doubtful.addAll(byPath.keySet());
  }

  void doubt(String path) {
    doubtful.add(path);
  }

  /// @return whether it was in doubt until now
  boolean trust(String path) {
    return doubtful.remove(path);
  }

  /// Takes paths for a change that several steps make; waits while another has one of them.
  synchronized void claim(Collection<String> paths) {
    boolean interrupted = false;
    while (paths.stream().anyMatch(claimed::contains)) {
      try {
        wait();
      } catch (InterruptedException e) {
        interrupted = true; // A claim is held for moments only: finish, then say so.
      }
    }
    claimed.addAll(paths);
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  synchronized void release(Collection<String> paths) {
    paths.forEach(claimed::remove); // Not removeAll: it looks through a list for each.
    notifyAll();
  }

  synchronized boolean isClaimed(String path) {
    return claimed.contains(path);
  }

  /// The files of one content: a list that is cheap for one and grows at its head.
  private record Holding(FileRecord record, @Nullable Holding next) {
    @Nullable Holding without(FileRecord gone) {
      if (record.path().equals(gone.path())) {
        return next;
      }
      Holding rest = null;
      for (Holding at = this; at != null; at = at.next) {
        if (!at.record.path().equals(gone.path())) {
          rest = new Holding(at.record, rest);
        }
      }
      return rest;
    }
  }
}
