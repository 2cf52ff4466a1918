package dev.potluck.peer;

import dev.potluck.content.ContentId;
import dev.potluck.content.Name;
import java.io.IOException;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;

/// Finishes or forgets what a crash interrupted, before the share is used: intents, files on their
/// way to the trash, left-over temporary files.
final class Recovery {
  private static final System.Logger LOG = System.getLogger(Recovery.class.getName());

  private final ShareTree tree;
  private final ScanDatabase database;
  private final Trash trash;
  private final Installer installer;

  Recovery(ShareTree tree, ScanDatabase database, Trash trash, Installer installer) {
    this.tree = tree;
    this.database = database;
    this.trash = trash;
    this.installer = installer;
  }

  /// What else is to be put right before left-over files are deleted.
  @FunctionalInterface
  interface Step {
    void run() throws IOException;
  }

  void run(Step journaled) throws IOException {
    List<Intent> intents = database.intents();
    Map<String, FileRecord> files = records();
    for (Intent intent : intents) {
      repair(intent, files);
    }
    database.clearIntents();
    journaled.run();
    trash.repair();
    finishRemovals(records());
    for (String folder : List.of(Share.TEMP, Temporaries.DRAFTS, Partial.FOLDER)) {
      deleteLeftovers(folder);
    }
    Set<ContentId> used = new HashSet<>();
    Set<String> logs = new HashSet<>();
    for (FileRecord file : database.files()) {
      used.add(file.content());
      used.add(file.fileContent());
      Overlay overlay = file.overlay();
      if (overlay != null) {
        logs.add(overlay.log());
      }
    }
    deleteLogsBut(logs);
    database.trash().forEach(file -> used.add(file.content()));
    database.dropUnusedLayers(used);
  }

  private Map<String, FileRecord> records() throws IOException {
    return database.files().stream()
        .collect(Collectors.toMap(FileRecord::path, Function.identity()));
  }

  /// Finishes what was begun, if its file is in place.
  void repair(Intent intent, Map<String, FileRecord> files) throws IOException {
    FileRecord planned = intent.record();
    Optional<FileStat> there = tree.stat(planned.path());
    boolean inPlace = there.isPresent() && there.get().identity().sameButCtime(planned.identity());
    if (!inPlace) {
      return;
    }
    FileRecord old = files.get(planned.path());
    DatabaseChanges changes = new DatabaseChanges();
    if (old == null || !old.identity().equals(there.get().identity())) {
      // Hashed again by the first scan, since its ctime was never recorded.
      changes.files.add(planned.withIdentity(there.get().identity(), planned.mode(), true));
    }
    boolean came = tree.stat(intent.from()).isPresent();
    boolean within = !intent.from().startsWith(Name.RESERVED + "/");
    if (within && !isOver(intent)) {
      if (!came) {
        changes.removed.add(intent.from());
      }
    } else if (came) {
      finishExchange(intent, old, changes);
    } else if (old != null
        && !intent.trashId().isEmpty()
        && tree.stat(Trash.path(intent.trashId())).isPresent()) {
      changes.trashed.add(trash.record(old, intent.trashId()));
    }
    LOG.log(System.Logger.Level.DEBUG, "finished what a crash interrupted: {0}", planned.path());
    database.write(changes, false);
  }

  /// Whether a file of the share was moved over another. Its own record then stays: the next scan
  /// misses the file, and its name is deleted in the party as it was to be.
  private static boolean isOver(Intent intent) {
    return intent.record().edited() && intent.record().base() > 0;
  }

  private void finishExchange(
      Intent intent, @org.jspecify.annotations.Nullable FileRecord old, DatabaseChanges changes)
      throws IOException {
    FileStat out = tree.stat(intent.from()).orElseThrow();
    if (old != null && isVersion(old) && out.identity().sameButCtime(old.identity())) {
      tree.moveToNew(intent.from(), Trash.path(intent.trashId()));
      changes.trashed.add(trash.record(old, intent.trashId()));
    } else {
      Name name = intent.record().name();
      Name kept = installer.keepBeside(intent.from(), name);
      LOG.log(System.Logger.Level.WARNING, "{0} was edited; the edit is now {1}", name, kept);
    }
  }

  /// Whether its file is no edit that nobody has seen.
  private static boolean isVersion(FileRecord record) {
    return !record.contentEdited() || record.overlay() != null;
  }

  /// A file that was moved to the trash is not one the user deleted.
  private void finishRemovals(Map<String, FileRecord> files) throws IOException {
    DatabaseChanges changes = new DatabaseChanges();
    for (TrashRecord gone : database.trash()) {
      FileRecord file = files.get(gone.path());
      if (file != null
          && file.identity().inode() == gone.inode()
          && tree.stat(gone.path()).isEmpty()) {
        changes.removed.add(gone.path());
      }
    }
    if (!changes.isEmpty()) {
      database.write(changes, false);
    }
  }

  private void deleteLogsBut(Set<String> used) throws IOException {
    for (String name : names(Overlay.FOLDER)) {
      String path = Overlay.FOLDER + "/" + name;
      if (!used.contains(path)) {
        tree.unlinkIfPresent(path);
      }
    }
  }

  private Set<String> names(String folder) throws IOException {
    Set<String> names = new HashSet<>();
    tree.list(folder, (fd, name) -> ShareTree.decoded(name).ifPresent(names::add));
    return names;
  }

  private void deleteLeftovers(String folder) throws IOException {
    Set<String> names = names(folder);
    for (String name : names) {
      boolean orphan =
          !folder.equals(Partial.FOLDER)
              || (name.endsWith(Partial.STATE)
                  && !names.contains(name.substring(0, name.length() - Partial.STATE.length())));
      if (orphan) {
        tree.unlinkIfPresent(folder + "/" + name);
      }
    }
  }
}
