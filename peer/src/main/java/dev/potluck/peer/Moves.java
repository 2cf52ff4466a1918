package dev.potluck.peer;

import dev.potluck.content.FailedException;
import dev.potluck.content.Name;
import dev.potluck.content.NoSuchNameException;
import dev.potluck.content.Version;
import dev.potluck.directory.Reason;
import java.io.IOException;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/// Every change to the share that a caller asks for, with its place in the database. Thread-safe.
final class Moves {
  private final ShareTree tree;
  private final ShareIndex index;
  private final ScanDatabase database;
  private final Installer installer;
  private final Trash trash;
  private final Temporaries temporaries;
  private final Clock clock;
  private final Runnable hint;

  /// @param hint asks for a scan, when a file was found that nobody knew
  Moves(
      ShareTree tree,
      ShareIndex index,
      ScanDatabase database,
      Installer installer,
      Trash trash,
      Temporaries temporaries,
      Clock clock,
      Runnable hint) {
    this.tree = tree;
    this.index = index;
    this.database = database;
    this.installer = installer;
    this.trash = trash;
    this.temporaries = temporaries;
    this.clock = clock;
    this.hint = hint;
  }

  Optional<LocalFile> update(Name name, UnaryOperator<FileRecord> change) {
    updateAll(List.of(name), change);
    return Optional.ofNullable(index.named(name)).map(FileRecord::local);
  }

  void updateAll(Collection<Name> names, UnaryOperator<FileRecord> change) {
    DatabaseChanges changes = new DatabaseChanges();
    synchronized (index) {
      for (Name name : names) {
        FileRecord record = index.named(name);
        if (record != null) {
          changes.files.add(change.apply(record));
        }
      }
      if (!changes.isEmpty()) {
        write(changes, false);
        changes.files.forEach(this::putKeepingDoubt);
      }
    }
  }

  private void putKeepingDoubt(FileRecord record) {
    boolean trusted = index.isTrusted(record.path());
    index.put(record);
    if (!trusted) {
      index.doubt(record.path());
    }
  }

  Installed install(
      ReadyContent content,
      Name name,
      long base,
      boolean edit,
      Reason reason,
      Instant mtime,
      int mode) {
    try {
      FileStat stat = dress(content.path(), mode, FileStat.nanos(mtime));
      Installer.Item item =
          new Installer.Item(
              name, content.content(), base, edit, reason, content.path(), stat, content.layer());
      Installed installed = installed(installer.install(List.of(item)).getFirst());
      temporaries.forgetState(content);
      return installed;
    } catch (IOException e) {
      throw Failures.of("can't put " + name + " in place", e);
    }
  }

  private FileStat dress(String path, int mode, long mtimeNs) throws IOException {
    try (FileHandle file = tree.openForWriting(path)) {
      return file.dressed(mode, mtimeNs);
    }
  }

  private Installed installed(Installer.Outcome outcome) throws IOException {
    IOException failure = outcome.failure();
    if (failure != null) {
      throw failure;
    }
    Installed installed = Objects.requireNonNull(outcome.installed());
    if (installed.conflictCopy().isPresent()) {
      hint.run();
    }
    return installed;
  }

  List<Share.Outcome> installAll(List<Installer.Item> items) {
    List<Share.Outcome> outcomes = new ArrayList<>();
    if (items.isEmpty()) {
      return outcomes;
    }
    try {
      for (Installer.Outcome outcome : installer.install(items)) {
        outcomes.add(outcome(outcome));
      }
    } catch (IOException e) {
      throw Failures.of("can't store " + items.size() + " files", e);
    }
    return outcomes;
  }

  private Share.Outcome outcome(Installer.Outcome outcome) {
    try {
      return new Share.Outcome.Done(installed(outcome));
    } catch (IOException e) {
      Name name = outcome.item().name();
      deleteQuietly(outcome.item().temp());
      return new Share.Outcome.Failed(name, Failures.of("can't put " + name + " in place", e));
    }
  }

  /// Deletes a temporary file that nobody waits for.
  void deleteQuietly(String temp) {
    try {
      tree.unlinkIfPresent(temp);
    } catch (IOException e) {
      hint.run(); // The next start deletes it; the failure itself is reported already.
    }
  }

  Optional<LocalFile> remove(Name name) {
    FileRecord record = claimed(name, List.of());
    if (record == null) {
      return Optional.empty();
    }
    try {
      String id = Trash.id(clock.instant(), record.path());
      if (!isAsRecorded(record) || !toTrash(record, id)) {
        hint.run();
        return Optional.empty();
      }
      DatabaseChanges changes = new DatabaseChanges();
      changes.removed.add(record.path());
      synchronized (index) {
        write(changes, false);
        index.remove(record.path());
      }
      tree.removeEmptyParents(record.path());
      return Optional.of(record.local());
    } catch (IOException e) {
      throw Failures.of("can't remove " + name, e);
    } finally {
      index.release(List.of(record.path()));
    }
  }

  private boolean isAsRecorded(FileRecord record) throws IOException {
    return tree.stat(record.path())
        .filter(stat -> stat.identity().equals(record.identity()))
        .isPresent();
  }

  /// Moves a file out, and back if it became another one that instant.
  private boolean toTrash(FileRecord record, String id) throws IOException {
    DatabaseChanges before = new DatabaseChanges();
    before.trashed.add(trash.record(record, id));
    database.write(before, false);
    tree.moveToNew(record.path(), Trash.path(id));
    if (tree.stat(Trash.path(id))
        .filter(stat -> stat.identity().sameButCtime(record.identity()))
        .isPresent()) {
      return true;
    }
    tree.moveToNew(Trash.path(id), record.path());
    DatabaseChanges after = new DatabaseChanges();
    after.untrashed.add(id);
    database.write(after, false);
    return false;
  }

  void pruneTrash() {
    try {
      trash.prune();
    } catch (IOException e) {
      throw Failures.of("can't clean up the trash", e);
    }
  }

  LocalFile restore(Name name, long base) {
    try {
      TrashRecord found =
          trash
              .newest(name)
              .orElseThrow(
                  () ->
                      new NoSuchNameException(
                          "nothing called " + name + " is in this share's trash"));
      String from = Trash.path(found.id());
      FileStat stat =
          tree.stat(from).orElseThrow(() -> new FailedException(name + " left the trash"));
      Installer.Item item =
          new Installer.Item(
              name,
              found.content(),
              base,
              true,
              Reason.KEPT,
              from,
              stat,
              database.layer(found.content()).orElse(null));
      LocalFile file = installed(installer.install(List.of(item)).getFirst()).file();
      DatabaseChanges changes = new DatabaseChanges();
      changes.untrashed.add(found.id());
      database.write(changes, false);
      return file;
    } catch (IOException e) {
      throw Failures.of("can't restore " + name, e);
    }
  }

  Optional<LocalFile> move(Name from, Name to, UnaryOperator<FileRecord> change) {
    String path = installer.pathFor(to);
    FileRecord record = claimed(from, List.of(path));
    if (record == null) {
      return Optional.empty();
    }
    try {
      FileRecord moved = change.apply(record.at(path, to));
      long intent = installer.announce(new Intent(moved, record.path(), ""));
      try {
        tree.makeParents(path);
        tree.moveToNew(record.path(), path);
      } catch (IOException e) {
        installer.withdraw(intent);
        throw e;
      }
      // Renaming changed its ctime; if anything else did, the identity stays and it is hashed
      // again.
      FileIdentity now =
          tree.stat(path)
              .map(FileStat::identity)
              .filter(identity -> identity.sameButCtime(record.identity()))
              .orElse(record.identity());
      FileRecord result = moved.withIdentity(now, record.mode(), true);
      DatabaseChanges changes = new DatabaseChanges();
      changes.intentId = intent;
      changes.removed.add(record.path());
      changes.files.add(result);
      synchronized (index) {
        write(changes, false);
        index.remove(record.path());
        index.put(result);
      }
      tree.removeEmptyParents(record.path());
      hint.run();
      return Optional.of(result.local());
    } catch (IOException e) {
      throw Failures.of("can't rename " + from + " to " + to, e);
    } finally {
      index.release(List.of(record.path(), path));
    }
  }

  Optional<LocalFile> moveOver(Name from, Name to, long base) {
    String path = installer.pathFor(to);
    FileRecord record = claimed(from, List.of(path));
    if (record == null) {
      return Optional.empty();
    }
    try {
      if (!isAsRecorded(record)) {
        hint.run();
        return Optional.empty();
      }
      FileRecord result = movedOver(record, record.at(path, to).asEditOf(base));
      return Optional.of(result.local());
    } catch (IOException e) {
      throw Failures.of("can't rename " + from + " to " + to, e);
    } finally {
      index.release(List.of(record.path(), path));
    }
  }

  /// @param moved the record at its new place, which it has when this returns
  private FileRecord movedOver(FileRecord record, FileRecord moved) throws IOException {
    String path = moved.path();
    FileRecord old = index.at(path);
    String trashId = old == null ? "" : Trash.id(clock.instant(), path);
    try (FileHandle file = tree.open(record.path())) {
      file.sync();
    }
    DatabaseChanges changes = new DatabaseChanges();
    changes.intentId = installer.announce(new Intent(moved, record.path(), trashId));
    if (tree.stat(path).isEmpty()) {
      tree.makeParents(path);
      tree.moveToNew(record.path(), path);
    } else {
      tree.exchange(record.path(), path);
      putAway(record.path(), old, trashId, changes, moved.name());
    }
    tree.syncParents(path, true);
    FileIdentity now =
        tree.stat(path)
            .map(FileStat::identity)
            .filter(identity -> identity.sameButCtime(record.identity()))
            .orElse(record.identity());
    FileRecord result = moved.withIdentity(now, record.mode(), true);
    changes.files.add(result);
    synchronized (index) {
      write(changes, true);
      index.put(result);
    }
    return result;
  }

  /// What came out of its place goes to the trash; what nobody knew is kept beside.
  private void putAway(
      String at, @Nullable FileRecord old, String trashId, DatabaseChanges changes, Name name)
      throws IOException {
    FileStat out = tree.stat(at).orElseThrow();
    if (old != null && out.identity().sameButCtime(old.identity())) {
      tree.moveToNew(at, Trash.path(trashId));
      changes.trashed.add(trash.record(old, trashId));
    } else {
      var _ = installer.keepBeside(at, name);
      hint.run();
    }
  }

  /// Forgets a file that is not there any more.
  void forgetMissing(Name name) {
    FileRecord record = claimed(name, List.of());
    if (record == null) {
      return;
    }
    try {
      if (tree.stat(record.path()).isEmpty()) {
        DatabaseChanges changes = new DatabaseChanges();
        changes.removed.add(record.path());
        synchronized (index) {
          write(changes, false);
          index.remove(record.path());
        }
        tree.removeEmptyParents(record.path());
      }
    } catch (IOException e) {
      throw Failures.of("can't forget " + name, e);
    } finally {
      index.release(List.of(record.path()));
    }
  }

  /// Gives a file the times and permissions of its version, if it holds that.
  void dress(Name name, Version version) {
    FileRecord record = claimed(name, List.of());
    if (record == null) {
      return;
    }
    try {
      if (record.content().equals(version.content()) && isAsRecorded(record)) {
        FileStat stat = dress(record.path(), version.mode(), FileStat.nanos(version.mtime()));
        DatabaseChanges changes = new DatabaseChanges();
        changes.files.add(
            record
                .withIdentity(stat.identity(), stat.mode(), true)
                .withBase(version.number(), version.content()));
        synchronized (index) {
          write(changes, false);
          changes.files.forEach(this::putKeepingDoubt);
        }
      }
    } catch (IOException e) {
      throw Failures.of("can't change the attributes of " + name, e);
    } finally {
      index.release(List.of(record.path()));
    }
  }

  /// The record of a name, its path and the others claimed; null, and nothing claimed, if there is
  /// none.
  private @Nullable FileRecord claimed(Name name, List<String> others) {
    while (true) {
      FileRecord record = index.named(name);
      if (record == null) {
        return null;
      }
      List<String> paths = new ArrayList<>(others);
      paths.add(record.path());
      index.claim(paths);
      FileRecord now = index.named(name);
      if (now != null && now.path().equals(record.path())) {
        return now;
      }
      index.release(paths);
    }
  }

  private void write(DatabaseChanges changes, boolean durable) {
    try {
      database.write(changes, durable);
    } catch (IOException e) {
      throw Failures.of("can't write the share's database", e);
    }
  }
}
