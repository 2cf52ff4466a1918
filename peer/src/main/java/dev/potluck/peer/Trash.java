package dev.potluck.peer;

import dev.potluck.content.ContentId;
import dev.potluck.content.Name;
import dev.potluck.directory.Reason;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/// `.potluck/trash/`: what was replaced or deleted from elsewhere, for a while. Files keep the end
/// of their name for people; the database knows the rest. Thread-safe.
final class Trash {
  static final String FOLDER = ".potluck/trash";

  private static final DateTimeFormatter STAMP =
      DateTimeFormatter.ofPattern("uuuuMMdd-HHmmss-SSS").withZone(ZoneOffset.UTC);
  private static final AtomicLong SEQUENCE = new AtomicLong();
  private static final int NAME_BYTES = 120;

  /// What was set aside stays so long at least: its user has not asked for its end.
  static final Duration ASIDE_AGE = Duration.ofDays(30);

  private final ShareTree tree;
  private final ScanDatabase database;
  private final ShareOptions options;
  private final Predicate<Name> inShare;

  /// @param inShare whether there is a file of that name in the share
  Trash(ShareTree tree, ScanDatabase database, ShareOptions options, Predicate<Name> inShare) {
    this.inShare = inShare;
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
    return record(file, id, false);
  }

  /// Of a file that is set aside.
  TrashRecord aside(FileRecord file, String id) {
    return record(file, id, true);
  }

  private TrashRecord record(FileRecord file, String id, boolean aside) {
    return new TrashRecord(
        id,
        file.name(),
        file.path(),
        file.identity().inode(),
        file.fileContent(),
        file.mode(),
        options.clock().instant(),
        aside);
  }

  /// The names of what was set aside, in order.
  List<Name> aside() throws IOException {
    return database.trash().stream()
        .filter(TrashRecord::aside)
        .map(TrashRecord::name)
        .distinct()
        .sorted()
        .toList();
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
          && there.get().hasContent()
          && there.get().identity().size() == content.size()) {
        return Optional.of(
            new FileRecord(
                path(record.id()),
                record.name(),
                new FileRecord.OnDisk(there.get().identity(), record.mode(), false, null),
                FileRecord.Standing.unknown(there.get().kind(), content, Reason.KEPT)));
      }
    }
    return Optional.empty();
  }

  /// Deletes what is too old, and the oldest of what is too much, but for the versions that are to
  /// be kept.
  void prune() throws IOException {
    List<TrashRecord> all = database.trash();
    List<String> goes = new ArrayList<>();
    goes.addAll(tooOldAside(all));
    goes.addAll(tooOldOrMuch(bounded(all)));
    if (!goes.isEmpty()) {
      for (String id : goes) {
        tree.unlinkIfPresent(path(id));
      }
      DatabaseChanges changes = new DatabaseChanges();
      changes.untrashed.addAll(goes);
      database.write(changes, false);
    }
  }

  private List<String> tooOldAside(List<TrashRecord> all) {
    Duration age = options.trashAge().compareTo(ASIDE_AGE) > 0 ? options.trashAge() : ASIDE_AGE;
    Instant oldest = options.clock().instant().minus(age);
    return all.stream()
        .filter(record -> record.aside() && record.since().isBefore(oldest))
        .map(TrashRecord::id)
        .toList();
  }

  /// What the bounds are for: without what was set aside, and without the last versions of files
  /// that are in the share.
  private List<TrashRecord> bounded(List<TrashRecord> all) {
    Map<Name, Integer> versions = new HashMap<>();
    List<TrashRecord> bounded = new ArrayList<>();
    for (TrashRecord record : all.reversed()) {
      boolean kept =
          inShare.test(record.name())
              && versions.merge(record.name(), 1, Integer::sum) <= options.keepVersions();
      if (!kept && !record.aside()) {
        bounded.add(record);
      }
    }
    return bounded.reversed();
  }

  private List<String> tooOldOrMuch(List<TrashRecord> bounded) {
    Instant oldest = options.clock().instant().minus(options.trashAge());
    long bytes = bounded.stream().mapToLong(record -> record.content().size()).sum();
    List<String> goes = new ArrayList<>();
    for (TrashRecord record : bounded) {
      if (record.since().isBefore(oldest) || bytes > options.trashBytes()) {
        bytes -= record.content().size();
        goes.add(record.id());
      }
    }
    return goes;
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
