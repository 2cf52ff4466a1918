package dev.potluck.peer;

import dev.potluck.content.ContentId;
import dev.potluck.content.Kind;
import dev.potluck.content.Name;
import dev.potluck.content.PotluckException;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/// Small edits of large files: what was written is on the disk, and in the database, before the
/// whole file is. That follows when nobody has written for a moment, one file after the other, on
/// the thread `share-overlays`; until then the edit is read from both ({@link RecordedBytes}).
/// Thread-safe.
final class Overlays implements AutoCloseable {
  private static final Logger LOG = System.getLogger(Overlays.class.getName());

  /// A file that is written again and again is waited with no longer: for each one that is made,
  /// another goes to the trash.
  private static final Duration LONGEST = Duration.ofSeconds(30);

  /// When it is tried again to make a file; twice as long each time, since each attempt may fill
  /// the disk.
  private static final Duration AGAIN = Duration.ofSeconds(10);

  private static final int LONGER_TIMES = 5;

  /// A log is never longer: who writes more waits for a whole file.
  private static final long LOG_BYTES_MAX = 256L << 20;

  /// Each commit writes all of them to the database.
  private static final int EXTENTS_MAX = 16_384;

  private static final Duration ENDING = Duration.ofMillis(500);

  private final ShareTree tree;
  private final ShareIndex index;
  private final ScanDatabase database;
  private final RecordedBytes bytes;
  private final WholeFiles wholes;
  private final ShareOptions options;
  private final Consumer<ShareEvent> told;
  private final ScheduledThreadPoolExecutor thread =
      new ScheduledThreadPoolExecutor(
          1, Thread.ofPlatform().name("share-overlays").daemon().factory());

  /// What waits for its whole file, by path; guarded by this.
  private final Map<String, Wait> waits = new HashMap<>();

  /// How often a whole file could not be made, by path; guarded by this.
  private final Map<String, Integer> failures = new HashMap<>();

  /// When it was written first and last, of `System.nanoTime`.
  private record Wait(long firstNanos, long lastNanos) {}

  /// @param told what became of edits whose files were changed behind Potluck's back
  Overlays(
      ShareTree tree,
      ShareIndex index,
      ScanDatabase database,
      RecordedBytes bytes,
      WholeFiles wholes,
      ShareOptions options,
      Consumer<ShareEvent> told) {
    this.tree = tree;
    this.index = index;
    this.database = database;
    this.bytes = bytes;
    this.wholes = wholes;
    this.options = options;
    this.told = told;
    thread.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
  }

  /// Goes on with what an earlier run left.
  void start() {
    for (FileRecord edit : index.overlaid()) {
      var _ = bytes.isReadable(edit); // Its files are held open from now on.
      expect(edit.path());
    }
  }

  /// Whether a name's file, or the edit that is written over it, has this content now.
  boolean holds(Name name, ContentId content) {
    FileRecord record = index.named(name);
    return record != null && isOf(record, content);
  }

  private boolean isOf(FileRecord record, ContentId content) {
    return record.kind() == Kind.FILE
        && record.content().equals(content)
        && index.isTrusted(record.path());
  }

  /// Makes a change the content of a name, as an edit of a version; safe when this returns.
  ///
  /// @param base the version's number
  /// @return nothing if the name's file is not what was changed
  /// @throws IOException if the disk fails; nothing has changed then
  Optional<LocalFile> write(DraftChange change, Name name, long base, Instant mtime, int mode)
      throws IOException {
    FileRecord claimed = index.claim(name, List.of());
    if (claimed == null) {
      return Optional.empty();
    }
    String path = claimed.path();
    try {
      if (claimed.overlay() != null && isFileFirst(claimed.overlay(), change)) {
        wholes.completeClaimed(path);
      }
      FileRecord now = index.at(path);
      if (now == null || !isOf(now, change.base()) || !bytes.isReadable(now)) {
        return Optional.empty();
      }
      FileRecord edit = written(now, change, base, FileStat.nanos(mtime), mode);
      expect(path);
      return Optional.of(edit.local());
    } finally {
      index.release(List.of(path));
    }
  }

  /// Whether the edit before has to be a file first: there is too much of it, or whoever keeps
  /// versions wants to have that one.
  private boolean isFileFirst(Overlay before, DraftChange change) {
    Extents extents = before.extents();
    return options.keepVersions() > 0
        || extents.logBytes() + change.bytes() > LOG_BYTES_MAX
        || extents.count() + change.written().size() > EXTENTS_MAX;
  }

  private FileRecord written(FileRecord now, DraftChange change, long base, long mtimeNs, int mode)
      throws IOException {
    Overlay before = now.overlay();
    if (before == null) {
      // What was fetched may not be on the disk yet; from here on an edit is nothing without it.
      tree.sync(now.path(), now.kind());
      tree.syncParents(now.path(), true);
    }
    Extents there = before == null ? Extents.NONE : before.extents();
    boolean safe = false;
    FileHandle log = before == null ? wholes.newLog() : tree.openForWriting(before.log());
    try (log) {
      Extents all = there.with(appended(log, there.logBytes(), change));
      log.syncData();
      Overlay overlay = new Overlay(now.fileContent(), mtimeNs, log.path(), all);
      FileRecord edit = now.overlaid(overlay, change.layer().content(), base, mode);
      bytes.hold(edit, overlay);
      record(now, edit, change);
      safe = true;
      return edit;
    } finally {
      if (!safe && before == null) {
        bytes.end(log.path());
        tree.unlinkIfPresent(log.path());
      }
    }
  }

  private static List<Extents.Extent> appended(FileHandle log, long end, DraftChange change)
      throws IOException {
    List<Extents.Extent> extents = new ArrayList<>();
    long at = end;
    for (Ranges.Range range : change.written()) {
      OverlaidFile.copy(change.file(), range.from(), log, at, range.length());
      extents.add(new Extents.Extent(range.from(), range.to(), at));
      at += range.length();
    }
    return extents;
  }

  private void record(FileRecord before, FileRecord edit, DraftChange change) throws IOException {
    DatabaseChanges changes = new DatabaseChanges();
    changes.files.add(edit);
    changes.layers.add(change.layer());
    Overlay followed = before.overlay();
    if (followed != null) {
      bytes.keep(before, followed);
    }
    synchronized (index) {
      database.write(changes, true);
      index.put(edit);
    }
    expire();
  }

  /// Lets edits go that others followed before they were files, with their hashes: thousands would
  /// fill the database.
  private void expire() {
    try {
      dropHashes(bytes.expire());
    } catch (IOException e) {
      LOG.log(Level.DEBUG, "hashes are forgotten at the next start: {0}", e.getMessage());
    }
  }

  private void dropHashes(List<ContentId> gone) throws IOException {
    DatabaseChanges changes = new DatabaseChanges();
    synchronized (index) {
      for (ContentId content : gone) {
        if (isNowhere(content)) {
          changes.droppedLayers.add(content);
        }
      }
      if (!changes.droppedLayers.isEmpty()) {
        database.write(changes, false);
      }
    }
  }

  private boolean isNowhere(ContentId content) throws IOException {
    return !index.isHeld(content)
        && index.beneath(content).isEmpty()
        && bytes.kept(content).isEmpty()
        && database.trash(content).isEmpty();
  }

  /// Has the whole file made when nobody has written for a moment.
  private synchronized void expect(String path) {
    long now = System.nanoTime();
    Wait before = waits.get(path);
    waits.put(path, new Wait(before == null ? now : before.firstNanos, now));
    if (before == null) {
      after(options.quiet().toNanos(), () -> completeIfQuiet(path));
    }
  }

  private void after(long nanos, Runnable what) {
    try {
      var _ = thread.schedule(what, nanos, TimeUnit.NANOSECONDS);
    } catch (RejectedExecutionException e) {
      LOG.log(Level.DEBUG, "the share is closed: the next start goes on");
    }
  }

  private void completeIfQuiet(String path) {
    synchronized (this) {
      Wait wait = waits.get(path);
      if (wait == null) {
        return;
      }
      long due =
          Math.min(wait.lastNanos + options.quiet().toNanos(), wait.firstNanos + LONGEST.toNanos());
      long left = due - System.nanoTime();
      if (left > 0) {
        after(left, () -> completeIfQuiet(path));
        return;
      }
      waits.remove(path);
    }
    complete(path);
  }

  private void complete(String path) {
    try {
      wholes.complete(path);
      after(RecordedBytes.KEPT.toNanos(), this::expire);
      synchronized (this) {
        failures.remove(path);
      }
      if (index.isOverlaid(path)) {
        expect(path); // It was written, or touched, meanwhile.
      }
    } catch (IOException | PotluckException e) {
      if (!thread.isShutdown()) {
        Duration later = again(path);
        LOG.log(
            Level.WARNING,
            "what was written in {0} is safe, but not in its file yet: {1}; tried again in {2} s",
            path,
            e.getMessage(),
            later.toSeconds());
      }
    }
  }

  private synchronized Duration again(String path) {
    int before = failures.merge(path, 1, Integer::sum) - 1;
    Duration wait = AGAIN.multipliedBy(1L << Math.min(before, LONGER_TIMES));
    long later = System.nanoTime() + wait.toNanos();
    waits.put(path, new Wait(later, later));
    after(wait.toNanos(), () -> completeIfQuiet(path));
    return wait;
  }

  /// Makes whole files of what is written over these paths, before they are moved or replaced.
  ///
  /// @throws IOException if there is no room for them
  void finish(Collection<String> paths) throws IOException {
    for (String path : paths) {
      if (index.isOverlaid(path)) {
        wholes.repair(path).ifPresent(told);
      }
    }
  }

  /// Lets go what is written over the file of a name that is deleted.
  void giveUp(Name name) throws IOException {
    FileRecord record = index.claim(name, List.of());
    if (record != null) {
      try {
        wholes.giveUp(record.path());
      } finally {
        index.release(List.of(record.path()));
      }
    }
  }

  /// Sees to one whose file does not seem to be as it was.
  void changed(String path) throws IOException {
    FileRecord record = index.at(path);
    // The file that was seen may have been the one before.
    if (record != null
        && tree.stat(path).filter(stat -> stat.identity().equals(record.identity())).isEmpty()) {
      wholes.repair(path).ifPresent(told);
    }
  }

  /// Hashes what is written over a file, and the file.
  ///
  /// @return whether it is what the database says
  boolean verify(FileRecord record) throws IOException {
    Overlay overlay = record.overlay();
    if (wholes.isRight(record)) {
      return true;
    }
    if (overlay != null) {
      wholes.damaged(record, overlay).ifPresent(told);
    }
    return false;
  }

  /// Stops copying; what was written is safe, and the next start goes on.
  @Override
  public void close() {
    wholes.end();
    thread.shutdownNow();
    try {
      var _ = thread.awaitTermination(ENDING.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    bytes.close();
  }
}
