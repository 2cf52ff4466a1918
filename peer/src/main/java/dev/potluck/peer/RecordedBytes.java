package dev.potluck.peer;

import dev.potluck.content.ContentId;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.Set;
import java.util.stream.Collectors;

/// What the bytes of a content are that the database knows: those of a file or symlink of the
/// share, if it is the one that was hashed; or what was written over such a file, together with it.
/// Files that something was written over are held open, so that replacing or deleting one takes
/// nothing of the edit. Of many edits, one after the other, the last are kept for a while: others
/// may be fetching them. Thread-safe.
final class RecordedBytes implements AutoCloseable {
  static final Duration KEPT = Duration.ofMinutes(1);
  private static final int KEPT_MAX = 256;

  private final ShareTree tree;

  // Guarded by this.

  /// By the log.
  private final Map<String, Held> held = new HashMap<>();

  /// Logs that no record of the database names any more.
  private final Set<String> ended = new HashSet<>();

  /// Edits that others followed before they were files, the oldest first.
  private final SequencedMap<ContentId, Kept> kept = new LinkedHashMap<>();

  private record Held(FileHandle base, FileHandle log) {
    void close() {
      base.close();
      log.close();
    }
  }

  /// @param sinceNanos of `System.nanoTime`
  private record Kept(FileRecord edit, String log, long sinceNanos) {}

  RecordedBytes(ShareTree tree) {
    this.tree = tree;
  }

  /// Nothing if the file is not the one that was hashed.
  Optional<FileSource> open(FileRecord record) {
    try {
      Overlay overlay = record.overlay();
      return overlay == null ? openFile(record) : Optional.of(openOverlaid(record, overlay));
    } catch (IOException e) {
      return Optional.empty(); // Gone or not readable any more: the rescan says which.
    }
  }

  /// Whether {@link #open} can.
  boolean isReadable(FileRecord record) {
    Optional<FileSource> opened = open(record);
    opened.ifPresent(FileSource::close);
    return opened.isPresent();
  }

  private Optional<FileSource> openFile(FileRecord record) throws IOException {
    FileSource file = tree.open(record.path(), record.kind());
    boolean same = false;
    try {
      same = file.stat().identity().equals(record.identity());
      return same ? Optional.of(file) : openHeld(record);
    } finally {
      if (!same) {
        file.close();
      }
    }
  }

  /// A file that is on its way to the trash this instant, since an edit of it takes its place.
  private synchronized Optional<FileSource> openHeld(FileRecord record) throws IOException {
    for (Held there : held.values()) {
      if (there.base.stat().identity().sameButCtime(record.identity())) {
        return Optional.of(there.base.duplicate());
      }
    }
    return Optional.empty();
  }

  /// Of a record with an overlay.
  ///
  /// @throws IOException if the file beneath is not as it was
  OverlaidFile openOverlaid(FileRecord record, Overlay overlay) throws IOException {
    Held files = held(record, overlay);
    FileHandle base = files.base.duplicate();
    return new OverlaidFile(base, files.log.duplicate(), overlay, record.content().size());
  }

  /// Holds the files of an edit open from now on: whoever replaces or deletes the one beneath takes
  /// nothing of it.
  ///
  /// @throws IOException if that is not as it was
  void hold(FileRecord record, Overlay overlay) throws IOException {
    var _ = held(record, overlay);
  }

  private synchronized Held held(FileRecord record, Overlay overlay) throws IOException {
    Held there = held.get(overlay.log());
    if (there == null) {
      there = opened(record, overlay.log());
      held.put(overlay.log(), there);
    }
    if (!there.base.stat().identity().sameButCtime(record.identity())) {
      throw new NoSuchFileException(record.path(), null, "it was changed");
    }
    return there;
  }

  private Held opened(FileRecord record, String logPath) throws IOException {
    FileHandle base = tree.open(record.path());
    FileHandle log = null;
    try {
      if (base.stat().identity().equals(record.identity())) {
        log = tree.openForWriting(logPath);
        return new Held(base, log);
      }
      throw new NoSuchFileException(record.path(), null, "it was changed");
    } finally {
      if (log == null) {
        base.close();
      }
    }
  }

  /// Looks for the files again: the one beneath is another.
  synchronized void reopen(String log) {
    Held there = held.remove(log);
    if (there != null) {
      there.close();
    }
  }

  /// No record names a log any more.
  synchronized void end(String log) {
    ended.add(log);
    closeEnded();
  }

  private void closeEnded() {
    Set<String> needed = kept.values().stream().map(Kept::log).collect(Collectors.toSet());
    for (String log : ended.stream().filter(log -> !needed.contains(log)).toList()) {
      ended.remove(log);
      reopen(log);
    }
  }

  /// Keeps an edit that another is about to follow.
  synchronized void keep(FileRecord edit, Overlay overlay) {
    kept.putLast(edit.content(), new Kept(edit, overlay.log(), System.nanoTime()));
  }

  /// An edit that is kept.
  synchronized Optional<FileRecord> kept(ContentId content) {
    return Optional.ofNullable(kept.get(content)).map(Kept::edit);
  }

  /// Lets go what was kept for long enough, or is too much.
  ///
  /// @return the contents
  synchronized List<ContentId> expire() {
    long now = System.nanoTime();
    List<ContentId> gone = new ArrayList<>();
    while (!kept.isEmpty()
        && (kept.size() > KEPT_MAX
            || now - kept.firstEntry().getValue().sinceNanos >= KEPT.toNanos())) {
      gone.add(kept.pollFirstEntry().getKey());
    }
    closeEnded();
    return gone;
  }

  @Override
  public synchronized void close() {
    held.values().forEach(Held::close);
    held.clear();
  }
}
