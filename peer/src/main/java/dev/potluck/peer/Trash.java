package dev.potluck.peer;

import dev.potluck.content.ContentId;
import dev.potluck.content.Name;
import dev.potluck.directory.Reason;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;

/// `.potluck/trash/`: what was replaced or deleted from elsewhere, for a while. Files keep the end
/// of their name for people; the database knows the rest. Thread-safe.
final class Trash {
  static final String FOLDER = ".potluck/trash";

  private static final DateTimeFormatter STAMP =
      DateTimeFormatter.ofPattern("uuuuMMdd-HHmmss-SSS").withZone(ZoneOffset.UTC);
  private static final AtomicLong SEQUENCE = new AtomicLong();
  private static final int NAME_BYTES = 120;

  private final ShareTree tree;
  private final ScanDatabase database;
  private final ShareOptions options;

  Trash(ShareTree tree, ScanDatabase database, ShareOptions options) {
    this.tree = tree;
    this.database = database;
    this.options = options;
  }

  /// A new file name that sorts by time.
  static String id(Instant now, String path) {
    String last = path.substring(path.lastIndexOf('/') + 1);
    while (last.getBytes(StandardCharsets.UTF_8).length > NAME_BYTES) {
      last = last.substring(last.offsetByCodePoints(0, 1));
    }
    return "%s-%06d-%s".formatted(STAMP.format(now), SEQUENCE.getAndIncrement() % 1_000_000, last);
  }

  static String path(String id) {
    return FOLDER + "/" + id;
  }

  TrashRecord record(FileRecord file, String id) {
    return new TrashRecord(
        id,
        file.name(),
        file.path(),
        file.identity().inode(),
        file.content(),
        file.mode(),
        options.clock().instant());
  }

  Optional<TrashRecord> newest(Name name) throws IOException {
    List<TrashRecord> all = database.trash();
    for (TrashRecord record : all.reversed()) {
      if (record.name().equals(name) && tree.stat(path(record.id())).isPresent()) {
        return Optional.of(record);
      }
    }
    return Optional.empty();
  }

  /// A file in the trash with this content, if it is still the one that came in.
  Optional<FileRecord> holding(ContentId content) throws IOException {
    for (TrashRecord record : database.trash(content)) {
      Optional<FileStat> there = tree.stat(path(record.id()));
      if (there.isPresent()
          && there.get().identity().inode() == record.inode()
          && there.get().identity().size() == content.size()) {
        return Optional.of(
            new FileRecord(
                path(record.id()),
                record.name(),
                there.get().identity(),
                content,
                0,
                null,
                Reason.KEPT,
                record.mode(),
                false));
      }
    }
    return Optional.empty();
  }

  /// Deletes what is too old, and the oldest of what is too much.
  void prune() throws IOException {
    List<TrashRecord> all = database.trash();
    Instant oldest = options.clock().instant().minus(options.trashAge());
    long bytes = all.stream().mapToLong(r -> r.content().size()).sum();
    List<String> goes = new ArrayList<>();
    for (TrashRecord record : all) {
      if (record.since().isBefore(oldest) || bytes > options.trashBytes()) {
        bytes -= record.content().size();
        goes.add(record.id());
      }
    }
    if (!goes.isEmpty()) {
      for (String id : goes) {
        tree.unlinkIfPresent(path(id));
      }
      DatabaseChanges changes = new DatabaseChanges();
      changes.untrashed.addAll(goes);
      database.write(changes, false);
    }
  }

  /// After a crash: forgets records without a file.
  void repair() throws IOException {
    Set<String> there = new java.util.HashSet<>();
    tree.list(FOLDER, (fd, name) -> ShareTree.decoded(name).ifPresent(there::add));
    DatabaseChanges changes = new DatabaseChanges();
    changes.untrashed.addAll(
        database.trash().stream()
            .map(TrashRecord::id)
            .filter(id -> !there.contains(id))
            .collect(Collectors.toSet()));
    if (!changes.isEmpty()) {
      database.write(changes, false);
    }
  }
}
