package dev.potluck.peer;

import dev.potluck.content.ConflictException;
import dev.potluck.content.ContentId;
import dev.potluck.content.Kind;
import dev.potluck.content.Name;
import dev.potluck.content.PieceLayer;
import dev.potluck.content.PotluckException;
import dev.potluck.directory.Reason;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.FileAlreadyExistsException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/// Moves finished files and symlinks into the share, each atomically, never over something the
/// database does not know. What is about to happen is written down first (one {@link Intent} a
/// file), so that a crash at any instant leaves what {@link Recovery} can finish. Thread-safe by
/// claims on paths.
final class Installer {
  private static final System.Logger LOG = System.getLogger(Installer.class.getName());
  private static final int CONFLICTS_MAX = 1_000;
  private static final AtomicLong INTENTS = new AtomicLong(System.currentTimeMillis() << 10);

  private final ShareTree tree;
  private final ShareIndex index;
  private final ScanDatabase database;
  private final Naming naming;
  private final Trash trash;
  private final FileHasher hasher;
  private final ShareOptions options;
  private final UnaryOperator<Name> conflictName;
  private final EditJournal journal;
  private @Nullable Overlays overlays; // set once, before anything is installed

  Installer(
      ShareTree tree,
      ShareIndex index,
      ScanDatabase database,
      Naming naming,
      Trash trash,
      FileHasher hasher,
      ShareOptions options,
      UnaryOperator<Name> conflictName,
      EditJournal journal) {
    this.tree = tree;
    this.index = index;
    this.database = database;
    this.naming = naming;
    this.trash = trash;
    this.hasher = hasher;
    this.options = options;
    this.conflictName = conflictName;
    this.journal = journal;
  }

  /// What is written over a file is to be one of its own before another takes its place.
  void finishFirst(Overlays written) {
    overlays = written;
  }

  /// A file to be put in place.
  ///
  /// @param edit whether it is a local edit of the base, rather than the base itself; then it
  ///   exists nowhere else, and is on disk before it counts
  /// @param temp where it lies, complete, with mode and mtime set, as `stat` says
  /// @param layer null if the content is one piece
  record Item(
      Name name,
      ContentId content,
      long base,
      boolean edit,
      Reason reason,
      String temp,
      FileStat stat,
      @Nullable PieceLayer layer) {
    /// The same as a version that the party has.
    Item as(long version) {
      return new Item(name, content, version, false, reason, temp, stat, layer);
    }
  }

  /// How one went.
  ///
  /// @param installed null if it failed
  record Outcome(Item item, @Nullable Installed installed, @Nullable IOException failure) {}

  /// Installs some files with two transactions in all.
  ///
  /// @throws IOException if the database fails; nothing is lost then
  List<Outcome> install(List<Item> items) throws IOException {
    List<Placement> placements = new ArrayList<>();
    List<String> paths = claimedPaths(items);
    try (Placer placer = new Placer(tree)) {
      boolean durable = false;
      DatabaseChanges before = new DatabaseChanges();
      before.intentId = INTENTS.incrementAndGet();
      for (int i = 0; i < items.size(); i++) {
        Item item = items.get(i);
        Placement placement = new Placement(item, paths.get(i), index.at(paths.get(i)));
        placements.add(placement);
        before.intents.add(
            new Intent(placement.record(item.stat().identity()), item.temp(), placement.trashId));
        durable |= item.edit();
      }
      database.write(before, false);
      DatabaseChanges after = new DatabaseChanges();
      after.intentId = before.intentId;
      List<Outcome> outcomes = new ArrayList<>();
      for (Placement placement : placements) {
        outcomes.add(
            placement.item.edit()
                ? placedDurably(placement, placer, after)
                : placed(placement, placer, after));
      }
      finish(after, durable);
      return outcomes;
    } finally {
      index.release(paths);
    }
  }

  /// Records what is in place. If the database can't be written, as on a full disk, the files are
  /// still known until the end of this run, and the next start learns of them from the intents.
  private void finish(DatabaseChanges after, boolean durable) throws IOException {
    synchronized (index) {
      after.files.forEach(index::put);
      try {
        database.write(after, durable);
      } catch (IOException e) {
        if (durable) {
          throw e;
        }
        LOG.log(System.Logger.Level.WARNING, "files are in place but not recorded yet", e);
      }
    }
  }

  /// Installs a small edit with one write of the disk, if the journal has room: its bytes are safe
  /// there before it is in place.
  ///
  /// @return nothing if the journal has no room at present
  /// @throws IOException if the journal can't be written; nothing is lost then
  Optional<Outcome> installJournaled(Item item, ByteBuffer bytes) throws IOException {
    List<String> paths = claimedPaths(List.of(item));
    try (Placer placer = new Placer(tree)) {
      FileRecord old = index.at(paths.getFirst());
      Placement placement = new Placement(item, paths.getFirst(), old);
      Intent intent =
          new Intent(placement.record(item.stat().identity()), item.temp(), placement.trashId);
      var edit = new JournaledEdit(intent, old == null ? null : old.identity(), bytes);
      Optional<EditJournal.Ticket> ticket = journal.append(edit);
      if (ticket.isEmpty()) {
        return Optional.empty();
      }
      return Optional.of(placedJournaled(placement, placer, ticket.get()));
    } finally {
      index.release(paths);
    }
  }

  /// Writes a small edit to the journal, and leaves it where it lies: it is put in place, or
  /// withdrawn, later.
  ///
  /// @return nothing if the journal has no room at present
  Optional<EditJournal.Ticket> note(Item item, ByteBuffer bytes) throws IOException {
    String path = pathFor(item.name());
    FileRecord old = index.at(path);
    Placement placement = new Placement(item, path, old);
    Intent intent =
        new Intent(placement.record(item.stat().identity()), item.temp(), placement.trashId);
    var edit = new JournaledEdit(intent, old == null ? null : old.identity(), bytes);
    Optional<EditJournal.Ticket> ticket = journal.append(edit);
    if (ticket.isPresent()) {
      journal.sync(ticket.get());
    }
    return ticket;
  }

  private Outcome placedJournaled(Placement placement, Placer placer, EditJournal.Ticket ticket)
      throws IOException {
    boolean placed = false;
    try {
      journal.sync(ticket);
      DatabaseChanges after = new DatabaseChanges();
      Outcome outcome = placed(placement, placer, after);
      placed = outcome.failure() == null;
      synchronized (index) {
        after.files.forEach(index::put);
        database.writeLater(after);
      }
      return outcome;
    } finally {
      if (placed) {
        journal.settled(ticket);
        journal.rowsWait();
      } else {
        journal.withdraw(ticket);
      }
    }
  }

  /// Puts a file with all of an edit in the place of the one beneath, which goes to the trash. The
  /// caller has claimed the path.
  ///
  /// @param planned what it will be
  /// @param temp where it lies, on the disk; deleted if it can't be put in place
  void replaceBeneath(FileRecord planned, String temp) throws IOException {
    FileRecord old = Objects.requireNonNull(index.at(planned.path()));
    String trashId = Trash.id(options.clock().instant(), planned.path());
    DatabaseChanges after = new DatabaseChanges();
    Optional<FileStat> there = moved(planned, temp, trashId, after);
    boolean settled = false;
    try {
      if (there.isPresent()) {
        settle(there.get(), old, temp, trashId, after);
      }
      settled = true;
    } finally {
      if (!settled) {
        takeBack(planned.path(), temp, after.intentId);
      }
    }
    tree.syncParents(planned.path(), true);
    FileIdentity identity =
        tree.stat(planned.path())
            .map(FileStat::identity)
            .filter(now -> now.sameButCtime(planned.identity()))
            .orElse(planned.identity());
    synchronized (index) {
      // What the directory has said meanwhile stays said.
      FileRecord now = Objects.requireNonNullElse(index.at(planned.path()), planned);
      after.files.add(now.in(identity, planned.racy(), planned.overlay()));
      finish(after, true);
    }
  }

  /// Sees to what lay there before: it goes to the trash, or is kept beside if somebody has changed
  /// it.
  ///
  /// @param seen when it lay there still
  private void settle(
      FileStat seen, FileRecord old, String temp, String trashId, DatabaseChanges after)
      throws IOException {
    FileStat out = tree.stat(temp).orElseThrow();
    boolean same = seen.identity().sameButCtime(out.identity());
    if (isAsRecorded(old, same ? seen : out, temp, out)) {
      tree.moveToNew(temp, Trash.path(trashId));
      after.trashed.add(trash.record(old, trashId));
      return;
    }
    Name kept = keepBeside(temp, old.name());
    LOG.log(
        System.Logger.Level.WARNING,
        "{0} was changed in the share while an edit of it was not a file yet: what lay there is"
            + " {1}",
        old.name(),
        kept);
  }

  /// What lay there goes back to its place: nothing has happened.
  private void takeBack(String path, String temp, long intentId) throws IOException {
    tree.exchange(temp, path);
    tree.unlinkIfPresent(temp);
    withdraw(intentId);
  }

  /// @return what was in its place, and now lies at `temp`
  private Optional<FileStat> moved(
      FileRecord planned, String temp, String trashId, DatabaseChanges after) throws IOException {
    boolean moved = false;
    try {
      // On the disk before the file is: after a power cut the record alone would say that what lies
      // there is somebody else's.
      after.intentId = announce(new Intent(planned, temp, trashId), true);
      Optional<FileStat> there = tree.stat(planned.path());
      if (there.isPresent()) {
        tree.exchange(temp, planned.path());
      } else {
        tree.makeParents(planned.path());
        tree.moveToNew(temp, planned.path());
      }
      moved = true;
      return there;
    } finally {
      if (!moved) {
        tree.unlinkIfPresent(temp);
        if (after.intentId != 0) {
          withdraw(after.intentId);
        }
      }
    }
  }

  /// Writes one intent down.
  ///
  /// @return its number, for the transaction that fulfils it
  long announce(Intent intent) throws IOException {
    return announce(intent, false);
  }

  private long announce(Intent intent, boolean durable) throws IOException {
    DatabaseChanges changes = new DatabaseChanges();
    changes.intentId = INTENTS.incrementAndGet();
    changes.intents.add(intent);
    database.write(changes, durable);
    return changes.intentId;
  }

  void withdraw(long intentId) throws IOException {
    DatabaseChanges changes = new DatabaseChanges();
    changes.intentId = intentId;
    database.write(changes, false);
  }

  /// Chooses where each lies and claims that, again if it was taken meanwhile.
  private List<String> claimedPaths(List<Item> items) throws IOException {
    while (true) {
      List<String> paths = items.stream().map(item -> pathFor(item.name())).toList();
      finish(paths);
      index.claim(paths);
      if (paths.equals(items.stream().map(item -> pathFor(item.name())).toList())
          && paths.stream().noneMatch(index::isOverlaid)) {
        return paths;
      }
      index.release(paths);
    }
  }

  /// Makes files of what is only written over these so far.
  private void finish(List<String> paths) throws IOException {
    if (overlays != null) {
      overlays.finish(paths);
    }
  }

  /// Where a name lies or will lie.
  String pathFor(Name name) {
    FileRecord known = index.named(name);
    if (known != null) {
      return known.path();
    }
    String path = naming.pathOf(name);
    if (naming.prefix().isEmpty()) {
      return path;
    }
    return isAnothers(path, name) ? naming.detourOf(name) : path;
  }

  /// Whether a file of another name lies at the path or at a folder above it, scanned or not.
  private boolean isAnothers(String path, Name name) {
    FileRecord there = index.at(path);
    if (there != null) {
      return !there.name().equals(name);
    }
    try {
      if (!naming.nameOf(path).equals(name) && tree.stat(path).isPresent()) {
        return true;
      }
      for (int slash = path.indexOf('/'); slash > 0; slash = path.indexOf('/', slash + 1)) {
        if (tree.stat(path.substring(0, slash)).filter(s -> !s.isFolder()).isPresent()) {
          return true;
        }
      }
      return false;
    } catch (IOException e) {
      return false; // Putting it there will say what is wrong.
    }
  }

  /// {@link #placed}, with the file on the disk before, and its name afterwards.
  private Outcome placedDurably(Placement placement, Placer placer, DatabaseChanges after) {
    try {
      tree.sync(placement.item.temp(), placement.item.stat().kind());
    } catch (IOException e) {
      return new Outcome(placement.item, null, e);
    }
    Outcome outcome = placed(placement, placer, after);
    if (outcome.failure() != null) {
      return outcome;
    }
    try {
      tree.syncParents(placement.path, placer.hasMadeFolders());
      return outcome;
    } catch (IOException e) {
      return new Outcome(placement.item, null, e);
    }
  }

  private Outcome placed(Placement placement, Placer placer, DatabaseChanges after) {
    Item item = placement.item;
    try {
      if (placement.isOvertaken()) {
        throw new OvertakenException(item.name());
      }
      Put put = put(placement, placer, after);
      // Somebody who replaced it this instant must not have his file taken for this content.
      FileStat stat =
          put.stat().identity().sameButCtime(item.stat().identity()) ? put.stat() : item.stat();
      FileRecord record = placement.record(stat.identity());
      after.files.add(record);
      if (item.layer() != null) {
        after.layers.add(item.layer());
      }
      return new Outcome(item, new Installed(record.local(), put.conflictCopy()), null);
    } catch (IOException e) {
      return new Outcome(item, null, e);
    } catch (PotluckException e) {
      return new Outcome(item, null, new IOException(e.getMessage(), e));
    }
  }

  /// @param stat what lies in place now
  private record Put(FileStat stat, Optional<Name> conflictCopy) {}

  private Put put(Placement placement, Placer placer, DatabaseChanges after) throws IOException {
    String temp = placement.item.temp();
    try {
      return new Put(placer.place(temp, placement.path), Optional.empty());
    } catch (FileAlreadyExistsException e) {
      FileStat there = tree.stat(placement.path).orElse(null);
      if (there != null && there.isFolder()) {
        throw new Errno.IsFolderException(placement.path);
      }
      tree.exchange(temp, placement.path);
      FileStat now = tree.stat(placement.path).orElse(placement.item.stat());
      return new Put(now, putAway(placement, there, after));
    }
  }

  /// Decides what becomes of the file that came out, now lying at `temp`.
  private Optional<Name> putAway(
      Placement placement, @Nullable FileStat seen, DatabaseChanges after) throws IOException {
    String temp = placement.item.temp();
    FileStat out = tree.stat(temp).orElseThrow();
    FileRecord old = placement.old;
    if (seen == null || !seen.identity().sameButCtime(out.identity())) {
      seen = out;
    }
    if (old != null && isAsRecorded(old, seen, temp, out) && !isUnseen(old, placement.item)) {
      tree.moveToNew(temp, Trash.path(placement.trashId));
      after.trashed.add(trash.record(old, placement.trashId));
      return Optional.empty();
    }
    if (isOf(out, placement.item.stat().kind(), placement.item.content())
        && contentIs(temp, out, placement.item.content())) {
      tree.unlink(temp); // It was the same content already, only not scanned yet.
      return Optional.empty();
    }
    return Optional.of(keepBeside(temp, placement.item.name()));
  }

  /// An edit that the directory has not accepted is kept when somebody else's version replaces it.
  private static boolean isUnseen(FileRecord old, Item item) {
    return old.contentEdited() && !item.edit();
  }

  private boolean isAsRecorded(FileRecord old, FileStat seen, String temp, FileStat out) {
    return seen.identity().equals(old.identity())
        || (isOf(out, old.kind(), old.fileContent()) && contentIs(temp, out, old.fileContent()));
  }

  /// Whether something may have that content, by its looks.
  private static boolean isOf(FileStat stat, Kind kind, ContentId content) {
    return stat.hasContent() && stat.kind() == kind && stat.identity().size() == content.size();
  }

  private boolean contentIs(String path, FileStat stat, ContentId expected) {
    return hasher.hash(path, stat) instanceof FileHasher.Result.Hashed hashed
        && hashed.layer().content().equals(expected);
  }

  /// Moves a file that nobody knows beside the name it had; the next scan announces it.
  Name keepBeside(String temp, Name name) throws IOException {
    Name beside = conflictName.apply(name);
    // Two conflicts of one name in one second are told apart by a number.
    for (int n = 1; n < CONFLICTS_MAX; n++) {
      String path = naming.pathOf(n == 1 ? beside : numbered(beside, n));
      if (movedToNew(temp, path)) {
        return naming.nameOf(path);
      }
    }
    throw new ConflictException("too many conflict copies of " + name + "; remove some");
  }

  private boolean movedToNew(String temp, String path) throws IOException {
    try {
      tree.makeParents(path);
      tree.moveToNew(temp, path);
      return true;
    } catch (FileAlreadyExistsException e) {
      return false;
    }
  }

  private static Name numbered(Name name, int n) {
    String value = name.value();
    String suffix = "-" + n;
    while (!Name.isValid(value + suffix)) {
      value = value.substring(0, value.offsetByCodePoints(value.length(), -1));
    }
    return Name.of(value + suffix);
  }

  /// One file on its way.
  private final class Placement {
    final Item item;
    final String path;
    final @Nullable FileRecord old;
    final String trashId;

    Placement(Item item, String path, @Nullable FileRecord old) {
      this.item = item;
      this.path = path;
      this.old = old;
      this.trashId = old == null ? "" : Trash.id(options.clock().instant(), path);
    }

    /// A version that was fetched while something newer came to lie here.
    boolean isOvertaken() {
      return !item.edit()
          && old != null
          && (old.base() > item.base() || (old.edited() && old.base() == item.base()));
    }

    FileRecord record(FileIdentity identity) {
      ContentId baseContent = item.edit() ? null : item.content();
      return new FileRecord(
          path,
          item.name(),
          new FileRecord.OnDisk(identity, item.stat().mode(), tree.isRacy(identity), null),
          new FileRecord.Standing(
              item.stat().kind(), item.content(), item.base(), baseContent, item.reason(), false));
    }
  }
}
