package dev.potluck.peer;

import dev.potluck.content.FailedException;
import dev.potluck.content.Kind;
import dev.potluck.content.Name;
import dev.potluck.content.NoSuchNameException;
import dev.potluck.content.PieceLayer;
import dev.potluck.content.Version;
import dev.potluck.directory.Reason;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/// Every change to the share that a caller asks for, with its place in the database. Thread-safe.
final class Moves {
  /// How long a full journal may take until its other file is free.
  private static final Duration JOURNAL_PATIENCE = Duration.ofSeconds(10);

  private final ShareTree tree;
  private final ShareIndex index;
  private final ScanDatabase database;
  private final Installer installer;
  private final Trash trash;
  private final Temporaries temporaries;
  private final Clock clock;
  private final EditJournal journal;
  private final Overlays overlays;
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
      EditJournal journal,
      Overlays overlays,
      Runnable hint) {
    this.tree = tree;
    this.index = index;
    this.database = database;
    this.installer = installer;
    this.trash = trash;
    this.temporaries = temporaries;
    this.clock = clock;
    this.journal = journal;
    this.overlays = overlays;
    this.hint = hint;
  }

  Optional<LocalFile> update(Name name, UnaryOperator<FileRecord> change) {
    updateAll(List.of(name), change);
    return Optional.ofNullable(index.named(name)).map(FileRecord::local);
  }

  void updateAll(Collection<Name> names, UnaryOperator<FileRecord> change) {
    synchronized (index) {
      DatabaseChanges changes = changes(names, change);
      if (!changes.isEmpty()) {
        write(changes, false);
        changes.files.forEach(this::putKeepingDoubt);
      }
    }
  }

  /// The same for what is found out again after a crash.
  void updateSoon(Name name, UnaryOperator<FileRecord> change) {
    synchronized (index) {
      DatabaseChanges changes = changes(List.of(name), change);
      database.writeLater(changes);
      changes.files.forEach(this::putKeepingDoubt);
    }
    journal.rowsWait();
  }

  boolean forgetAttributes(Name name) {
    synchronized (index) {
      FileRecord record = index.named(name);
      if (record == null || !record.attributesEdited() || record.contentEdited()) {
        return false;
      }
      updateSoon(name, now -> now.withAttributesEdited(false));
      return true;
    }
  }

  private DatabaseChanges changes(Collection<Name> names, UnaryOperator<FileRecord> change) {
    DatabaseChanges changes = new DatabaseChanges();
    for (Name name : names) {
      FileRecord record = index.named(name);
      if (record != null) {
        changes.files.add(change.apply(record));
      }
    }
    return changes;
  }

  private void putKeepingDoubt(FileRecord record) {
    boolean trusted = index.isTrusted(record.path());
    index.put(record);
    if (!trusted) {
      index.doubt(record.path());
    }
  }

  /// @param version what it is to be; of an edit, with the number of its base
  Installed install(ReadyContent content, Name name, Version version, boolean edit, Reason reason) {
    try {
      return version.kind() == Kind.SYMLINK
          ? installLink(content, name, version, edit, reason)
          : installFile(content, name, version, edit, reason);
    } catch (OvertakenException e) {
      temporaries.discard(content);
      throw Failures.of("can't put " + name + " in place", e);
    } catch (IOException e) {
      throw Failures.of("can't put " + name + " in place", e);
    }
  }

  private Installed installFile(
      ReadyContent content, Name name, Version version, boolean edit, Reason reason)
      throws IOException {
    FileStat stat = dress(content.path(), version.mode(), FileStat.nanos(version.mtime()));
    Installer.Item item = item(content, name, version.number(), edit, reason, content.path(), stat);
    Installed installed = installed(installer.install(List.of(item)).getFirst());
    temporaries.forgetState(content);
    return installed;
  }

  /// The file that the content came in stays until its symlink is in place.
  private Installed installLink(
      ReadyContent content, Name name, Version version, boolean edit, Reason reason)
      throws IOException {
    String temp = temporaries.newPath();
    boolean inPlace = false;
    try {
      FileStat stat =
          tree.makeLink(temporaries.target(content), temp, FileStat.nanos(version.mtime()));
      Installer.Item item = item(content, name, version.number(), edit, reason, temp, stat);
      Installed installed = installed(installer.install(List.of(item)).getFirst());
      inPlace = true;
      temporaries.discard(content);
      return installed;
    } finally {
      if (!inPlace) {
        deleteQuietly(temp);
      }
    }
  }

  private static Installer.Item item(
      ReadyContent content,
      Name name,
      long base,
      boolean edit,
      Reason reason,
      String temp,
      FileStat stat) {
    return new Installer.Item(
        name, content.content(), base, edit, reason, temp, stat, content.layer());
  }

  /// Installs what was written in a draft.
  Installed install(SealedDraft sealed, Name name, long base, Instant mtime, int mode) {
    ByteBuffer bytes = sealed.bytes();
    if (bytes == null) {
      Version file = Version.file(base, sealed.ready().content(), mtime, mode);
      return install(sealed.ready(), name, file, true, Reason.KEPT);
    }
    ReadyContent ready = sealed.ready();
    try {
      FileStat stat = sealed.file().dressed(mode, FileStat.nanos(mtime));
      Installer.Item item = item(ready, name, base, true, Reason.KEPT, ready.path(), stat);
      Optional<Installer.Outcome> journaled = installer.installJournaled(item, bytes);
      return installed(
          journaled.isPresent() ? journaled.get() : installer.install(List.of(item)).getFirst());
    } catch (IOException e) {
      throw Failures.of("can't put " + name + " in place", e);
    }
  }

  private FileStat dress(String path, int mode, long mtimeNs) throws IOException {
    // To read: who may not write a file may still dress what is his.
    try (FileHandle file = tree.open(path)) {
      return file.dressed(mode, mtimeNs);
    }
  }

  /// What is only written over a file gets them when it is one.
  private FileRecord redressed(FileRecord record, Version version) throws IOException {
    Overlay overlay = record.overlay();
    if (overlay != null) {
      return record.dressed(overlay.withMtime(FileStat.nanos(version.mtime())), version.mode());
    }
    FileStat stat = dressed(record, version);
    return record.withIdentity(stat.identity(), stat.mode(), true);
  }

  private FileStat dressed(FileRecord record, Version version) throws IOException {
    long mtimeNs = FileStat.nanos(version.mtime());
    return record.kind() == Kind.SYMLINK
        ? tree.dressLink(record.path(), mtimeNs)
        : dress(record.path(), version.mode(), mtimeNs);
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

  /// @param goes asked when nobody else can change the file
  Optional<LocalFile> remove(Name name, Predicate<FileRecord> goes) {
    return remove(name, goes, false);
  }

  Optional<LocalFile> setAside(Name name) {
    return remove(name, record -> !record.edited(), true);
  }

  private Optional<LocalFile> remove(Name name, Predicate<FileRecord> goes, boolean aside) {
    FileRecord record = claimedToGo(name);
    if (record == null) {
      return Optional.empty();
    }
    try {
      String id = Trash.id(clock.instant(), record.path());
      TrashRecord trashed = aside ? trash.aside(record, id) : trash.record(record, id);
      if (!goes.test(record) || !isAsRecorded(record) || !toTrash(record, trashed)) {
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

  /// A full disk must not keep anybody from deleting.
  private @Nullable FileRecord claimedToGo(Name name) {
    try {
      try {
        return claimed(name, List.of());
      } catch (Errno.NoSpaceException e) {
        overlays.giveUp(name);
        return claimed(name, List.of());
      }
    } catch (IOException e) {
      throw Failures.of("can't remove " + name, e);
    }
  }

  /// {@link #claimed}, for a change that is called so.
  private @Nullable FileRecord claimed(Name name, List<String> others, String change) {
    try {
      return claimed(name, others);
    } catch (IOException e) {
      throw Failures.of(change, e);
    }
  }

  private boolean isAsRecorded(FileRecord record) throws IOException {
    return tree.stat(record.path())
        .filter(stat -> stat.identity().equals(record.identity()))
        .isPresent();
  }

  /// Moves a file out, and back if it became another one that instant.
  private boolean toTrash(FileRecord record, TrashRecord trashed) throws IOException {
    String id = trashed.id();
    DatabaseChanges before = new DatabaseChanges();
    before.trashed.add(trashed);
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

  NotedLink noteLink(Name name, long base, byte[] target, Instant mtime)
      throws InterruptedException {
    String temp = temporaries.newPath();
    boolean noted = false;
    try {
      FileStat stat = tree.makeLink(target, temp, FileStat.nanos(mtime));
      PieceLayer layer = temporaries.hash(tree.openLink(temp));
      Installer.Item item =
          new Installer.Item(name, layer.content(), base, true, Reason.KEPT, temp, stat, layer);
      EditJournal.Ticket ticket = noted(item, ByteBuffer.wrap(target));
      noted = true;
      return new NotedLink(installer, journal, ticket, item, () -> deleteQuietly(temp));
    } catch (IOException e) {
      throw Failures.of("can't make the symlink " + name, e);
    } finally {
      if (!noted) {
        deleteQuietly(temp);
      }
    }
  }

  private EditJournal.Ticket noted(Installer.Item item, ByteBuffer bytes)
      throws IOException, InterruptedException {
    Retry retry = new Retry(Retry.deadline(JOURNAL_PATIENCE));
    while (true) {
      Optional<EditJournal.Ticket> ticket = installer.note(item, bytes);
      if (ticket.isPresent()) {
        return ticket.get();
      }
      if (!retry.again()) {
        throw new IOException("the disk is too slow for what is written; try again later");
      }
    }
  }

  /// Returns once names are on disk where they lie, and with them the symlinks among them.
  void syncPlaces(Collection<Name> names) {
    Set<String> folders = new HashSet<>();
    for (Name name : names) {
      FileRecord record = index.named(name);
      if (record != null) {
        folders.addAll(ShareTree.foldersAbove(record.path()));
      }
    }
    try {
      for (String folder : folders) {
        tree.syncFolder(folder);
      }
    } catch (IOException e) {
      throw Failures.of("can't bring what was put in place to the disk", e);
    }
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

  /// @param goes asked when nobody else can change the file
  Optional<LocalFile> move(
      Name from, Name to, Predicate<FileRecord> goes, UnaryOperator<FileRecord> change) {
    String path = installer.pathFor(to);
    FileRecord record = claimed(from, List.of(path), "can't rename " + from + " to " + to);
    if (record == null) {
      return Optional.empty();
    }
    try {
      if (!goes.test(record)) {
        return Optional.empty();
      }
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
    FileRecord record = claimed(from, List.of(path), "can't rename " + from + " to " + to);
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
    tree.sync(record.path(), record.kind());
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
    FileRecord record = index.claim(name, List.of());
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

  /// Gives a file the times and permissions of a version, if it holds that.
  ///
  /// @param then what else becomes of its record
  /// @return the file; nothing if there is none, or it is another
  Optional<LocalFile> dress(Name name, Version version, UnaryOperator<FileRecord> then) {
    FileRecord record = index.claim(name, List.of());
    if (record == null) {
      return Optional.empty();
    }
    try {
      if (!record.holds(version) || (record.overlay() == null && !isAsRecorded(record))) {
        return Optional.empty();
      }
      FileRecord result = redressed(record, version);
      synchronized (index) {
        // What the directory has said meanwhile stays said.
        FileRecord now = Objects.requireNonNullElse(index.at(record.path()), record);
        DatabaseChanges changes = new DatabaseChanges();
        changes.files.add(then.apply(now.withAttributesOf(result)));
        write(changes, false);
        changes.files.forEach(this::putKeepingDoubt);
        return Optional.of(changes.files.getFirst().local());
      }
    } catch (IOException e) {
      throw Failures.of("can't change the attributes of " + name, e);
    } finally {
      index.release(List.of(record.path()));
    }
  }

  /// The record of a name, its path and the others claimed, and what is written over their files
  /// made files; null, and nothing claimed, if there is none.
  private @Nullable FileRecord claimed(Name name, List<String> others) throws IOException {
    while (true) {
      FileRecord record = index.claim(name, others);
      if (record == null) {
        return null;
      }
      List<String> paths = new ArrayList<>(others);
      paths.add(record.path());
      if (paths.stream().noneMatch(index::isOverlaid)) {
        return record;
      }
      index.release(paths);
      overlays.finish(paths);
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
