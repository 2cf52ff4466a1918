package dev.potluck.peer;

import dev.potluck.content.ContentId;
import dev.potluck.content.Name;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
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

  /// Files that something was written over, as they are beneath, by their own content.
  private final Map<ContentId, FileRecord> beneath = new ConcurrentHashMap<>();

  private final Set<String> doubtful = ConcurrentHashMap.newKeySet();
  private final Set<String> claimed = new HashSet<>();

  @Nullable FileRecord at(String path) {
    return byPath.get(path);
  }

  @Nullable FileRecord named(Name name) {
    return byName.get(name);
  }

  List<FileRecord> holding(ContentId content) {
    Holding held = byContent.get(content);
    return held == null ? List.of() : held.records().toList();
  }

  boolean isHeld(ContentId content) {
    return byContent.containsKey(content);
  }

  /// Whether a file of this content is one of {@link #trusted}.
  boolean isHeldForSure(ContentId content) {
    Holding held = byContent.get(content);
    return held != null && held.records().anyMatch(record -> isTrusted(record.path()));
  }

  /// A file of this content that something was written over.
  Optional<FileRecord> beneath(ContentId content) {
    return Optional.ofNullable(beneath.get(content));
  }

  boolean isOverlaid(String path) {
    FileRecord record = byPath.get(path);
    return record != null && record.overlay() != null;
  }

  /// Files that something was written over.
  List<FileRecord> overlaid() {
    return byPath.values().stream().filter(record -> record.overlay() != null).toList();
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

  boolean isWhollyTrusted() {
    return doubtful.isEmpty();
  }

  synchronized void put(FileRecord record) {
    FileRecord before = byPath.put(record.path(), record);
    if (before != null) {
      forgetAllBut(record, before);
    }
    byName.put(record.name(), record);
    byContent.compute(
        record.content(), (_, held) -> held == null ? new One(record) : held.with(record));
    if (record.overlay() != null) {
      beneath.put(record.fileContent(), record.beneath());
    }
    doubtful.remove(record.path());
  }

  synchronized void remove(String path) {
    FileRecord before = byPath.remove(path);
    if (before != null) {
      forget(before);
    }
    doubtful.remove(path);
  }

  /// What stays is replaced in one step: who looks for it meanwhile finds the one or the other.
  private void forgetAllBut(FileRecord now, FileRecord before) {
    if (!before.name().equals(now.name())) {
      byName.remove(before.name(), before);
    }
    if (!before.content().equals(now.content())) {
      byContent.computeIfPresent(before.content(), (_, held) -> held.without(before));
    }
    if (before.overlay() != null) {
      beneath.remove(before.fileContent(), before.beneath());
    }
  }

  private void forget(FileRecord record) {
    byName.remove(record.name(), record);
    byContent.computeIfPresent(record.content(), (_, held) -> held.without(record));
    if (record.overlay() != null) {
      beneath.remove(record.fileContent(), record.beneath());
    }
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
    awaitReleased(paths);
    claimed.addAll(paths);
  }

  private synchronized void awaitReleased(Collection<String> paths) {
    boolean interrupted = false;
    while (paths.stream().anyMatch(claimed::contains)) {
      try {
        wait();
      } catch (InterruptedException e) {
        interrupted = true; // A claim is held for moments only: finish, then say so.
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  /// The record of a name, its path and the others claimed; null, and nothing claimed, if there is
  /// none.
  @Nullable FileRecord claim(Name name, List<String> others) {
    while (true) {
      FileRecord record = named(name);
      if (record == null) {
        return null;
      }
      List<String> paths = new ArrayList<>(others);
      paths.add(record.path());
      claim(paths);
      FileRecord now = named(name);
      if (now != null && now.path().equals(record.path())) {
        return now;
      }
      release(paths);
    }
  }

  synchronized void release(Collection<String> paths) {
    paths.forEach(claimed::remove); // Not removeAll: it looks through a list for each.
    notifyAll();
  }

  /// Waits for whoever has a path claimed.
  synchronized void awaitRelease(String path) {
    awaitReleased(List.of(path));
  }

  synchronized boolean isClaimed(String path) {
    return claimed.contains(path);
  }

  /// The files of one content: of most there is one, of some (empty ones, say) there are thousands.
  private sealed interface Holding {
    Stream<FileRecord> records();

    Holding with(FileRecord record);

    @Nullable Holding without(FileRecord record);
  }

  private record One(FileRecord record) implements Holding {
    @Override
    public Stream<FileRecord> records() {
      return Stream.of(record);
    }

    @Override
    public Holding with(FileRecord other) {
      if (record.path().equals(other.path())) {
        return new One(other);
      }
      return new Many(new ConcurrentHashMap<>(Map.of(record.path(), record))).with(other);
    }

    @Override
    public @Nullable Holding without(FileRecord gone) {
      return record.path().equals(gone.path()) ? null : this;
    }
  }

  /// By path.
  private record Many(ConcurrentHashMap<String, FileRecord> byPath) implements Holding {
    @Override
    public Stream<FileRecord> records() {
      return byPath.values().stream();
    }

    @Override
    public Holding with(FileRecord record) {
      byPath.put(record.path(), record);
      return this;
    }

    @Override
    public @Nullable Holding without(FileRecord gone) {
      byPath.remove(gone.path());
      return byPath.isEmpty() ? null : this;
    }
  }
}
