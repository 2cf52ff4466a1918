package dev.potluck.peer;

import dev.potluck.content.ContentId;
import dev.potluck.content.Kind;
import dev.potluck.content.Name;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// Makes small edits again that a crash took back, before the share is used. After the end of a
/// process only those are missing that were not in place yet; after a power cut, whatever had not
/// come to the disk. What somebody did to a file afterwards stays as it is.
final class JournalRecovery {
  private static final System.Logger LOG = System.getLogger(JournalRecovery.class.getName());

  private final ShareTree tree;
  private final ScanDatabase database;
  private final Trash trash;
  private final FileHasher hasher;
  private final Installer installer;
  private final Recovery intents;
  private int made;

  JournalRecovery(
      ShareTree tree, ScanDatabase database, Trash trash, FileHasher hasher, Installer installer) {
    this.tree = tree;
    this.database = database;
    this.trash = trash;
    this.hasher = hasher;
    this.installer = installer;
    this.intents = new Recovery(tree, database, trash, installer);
  }

  /// Returns when all of it is on the disk.
  void run(EditJournal.Left left) throws IOException {
    if (left.edits().isEmpty()) {
      return;
    }
    SequencedMap<String, List<JournaledEdit>> byPath = new LinkedHashMap<>();
    for (JournaledEdit edit : left.edits()) {
      byPath.computeIfAbsent(edit.intent().record().path(), _ -> new ArrayList<>()).add(edit);
    }
    Map<String, FileRecord> files =
        database.files().stream().collect(Collectors.toMap(FileRecord::path, Function.identity()));
    for (List<JournaledEdit> edits : byPath.values()) {
      repair(edits, files, left.sameBoot());
    }
    tree.syncAll();
    database.write(new DatabaseChanges(), true);
    if (made > 0) {
      LOG.log(System.Logger.Level.INFO, "made {0} edits again that a crash took back", made);
    }
  }

  /// @param edits all of one path, in their order: the last is what was said to be there
  private void repair(List<JournaledEdit> edits, Map<String, FileRecord> files, boolean sameBoot)
      throws IOException {
    JournaledEdit last = edits.getLast();
    FileRecord planned = last.intent().record();
    FileRecord known = files.get(planned.path());
    Optional<FileStat> there = tree.stat(planned.path());
    boolean inPlace = there.filter(stat -> isSame(stat, planned)).isPresent();
    boolean recorded = inPlace && known != null && known.identity().equals(there.get().identity());
    if (inPlace && (sameBoot || contentIs(planned, there.get()))) {
      if (!recorded) {
        intents.repair(last.intent(), files);
      }
    } else if (isWaiting(last.intent()) || (!sameBoot && isLost(edits, known, there))) {
      restore(last, known, there);
    } else if (there.filter(FileStat::hasContent).isPresent() && isOlder(edits, known)) {
      // It was edited since, right in the share: that is an edit of this one.
      DatabaseChanges changes = new DatabaseChanges();
      changes.files.add(planned);
      database.write(changes, false);
    }
  }

  private static boolean isSame(FileStat stat, FileRecord record) {
    return stat.hasContent()
        && stat.kind() == record.kind()
        && stat.identity().sameButCtime(record.identity());
  }

  private boolean contentIs(FileRecord record, FileStat stat) {
    return hasher.hash(record.path(), stat) instanceof FileHasher.Result.Hashed hashed
        && hashed.layer().content().equals(record.fileContent());
  }

  /// Whether its file still lies where it was written.
  private boolean isWaiting(Intent intent) throws IOException {
    long inode = intent.record().identity().inode();
    return tree.stat(intent.from()).filter(stat -> stat.identity().inode() == inode).isPresent();
  }

  /// Whether what is there was there before, or is damaged, or nothing is.
  private boolean isLost(
      List<JournaledEdit> edits, @Nullable FileRecord known, Optional<FileStat> there) {
    if (there.isEmpty()) {
      return true;
    }
    FileIdentity now = there.get().identity();
    boolean newer =
        known != null
            && known.identity().equals(now)
            && !isOlder(edits, known)
            && (!isSameContent(known, edits.getLast()) || contentIs(known, there.get()));
    return !newer
        && edits.stream()
            .anyMatch(
                edit -> {
                  FileIdentity before = edit.before();
                  return now.inode() == edit.intent().record().identity().inode()
                      || (before != null && now.sameButCtime(before));
                });
  }

  /// Whether a file is still that of an edit, be it with other attributes.
  private static boolean isSameContent(FileRecord known, JournaledEdit edit) {
    return known.fileContent().equals(edit.intent().record().content());
  }

  /// Whether a record is of the time before the last of these edits.
  private static boolean isOlder(List<JournaledEdit> edits, @Nullable FileRecord known) {
    if (known == null) {
      return true;
    }
    ContentId last = edits.getLast().intent().record().content();
    return !known.content().equals(last)
        && edits.stream()
            .anyMatch(
                edit -> {
                  FileIdentity before = edit.before();
                  return known.content().equals(edit.intent().record().content())
                      || (before != null && known.identity().sameButCtime(before));
                });
  }

  private void restore(JournaledEdit edit, @Nullable FileRecord known, Optional<FileStat> there)
      throws IOException {
    FileRecord planned = edit.intent().record();
    String temp = Share.TEMP + "/journaled-" + made;
    FileStat written = written(temp, edit);
    DatabaseChanges changes = new DatabaseChanges();
    if (there.isEmpty()) {
      tree.makeParents(planned.path());
      tree.moveToNew(temp, planned.path());
    } else {
      tree.exchange(temp, planned.path());
      putAway(temp, edit, known, changes);
    }
    FileIdentity now = tree.stat(planned.path()).map(FileStat::identity).orElse(written.identity());
    changes.files.add(planned.withIdentity(now, planned.mode(), true));
    database.write(changes, false);
    made++;
  }

  private FileStat written(String temp, JournaledEdit edit) throws IOException {
    FileRecord planned = edit.intent().record();
    if (planned.kind() == Kind.SYMLINK) {
      byte[] target = new byte[edit.content().remaining()];
      edit.content().duplicate().get(target);
      return tree.makeLink(target, temp, planned.identity().mtimeNs());
    }
    try (FileHandle file = tree.create(temp, planned.mode())) {
      file.write(0, edit.content().duplicate());
      return file.dressed(planned.mode(), planned.identity().mtimeNs());
    }
  }

  private void putAway(
      String temp, JournaledEdit edit, @Nullable FileRecord known, DatabaseChanges changes)
      throws IOException {
    FileStat out = tree.stat(temp).orElseThrow();
    FileRecord planned = edit.intent().record();
    String id = edit.intent().trashId();
    if (out.identity().inode() == planned.identity().inode()) {
      tree.unlink(temp); // Itself, as the power cut left it.
    } else if (known != null && !id.isEmpty() && out.identity().sameButCtime(known.identity())) {
      tree.moveToNew(temp, Trash.path(id));
      changes.trashed.add(trash.record(known, id));
    } else {
      Name kept = installer.keepBeside(temp, planned.name());
      LOG.log(
          System.Logger.Level.WARNING, "{0} was edited; the edit is now {1}", planned.name(), kept);
    }
  }
}
