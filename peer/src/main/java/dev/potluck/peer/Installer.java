package dev.potluck.peer;

import dev.potluck.content.ConflictException;
import dev.potluck.content.ContentId;
import dev.potluck.content.Name;
import dev.potluck.content.PieceLayer;
import dev.potluck.content.PotluckException;
import dev.potluck.directory.Reason;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/// Moves finished files into the share, each atomically, never over something the database does not
/// know. What is about to happen is written down first (one {@link Intent} a file), so that a crash
/// at any instant leaves what {@link Recovery} can finish. Thread-safe by claims on paths.
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

  Installer(
      ShareTree tree,
      ShareIndex index,
      ScanDatabase database,
      Naming naming,
      Trash trash,
      FileHasher hasher,
      ShareOptions options,
      UnaryOperator<Name> conflictName) {
    this.tree = tree;
    this.index = index;
    this.database = database;
    this.naming = naming;
    this.trash = trash;
    this.hasher = hasher;
    this.options = options;
    this.conflictName = conflictName;
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
      @Nullable PieceLayer layer) {}

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
        outcomes.add(placed(placement, placer, after));
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

  /// Writes one intent down.
  ///
  /// @return its number, for the transaction that fulfils it
  long announce(Intent intent) throws IOException {
    DatabaseChanges changes = new DatabaseChanges();
    changes.intentId = INTENTS.incrementAndGet();
    changes.intents.add(intent);
    database.write(changes, false);
    return changes.intentId;
  }

  void withdraw(long intentId) throws IOException {
    DatabaseChanges changes = new DatabaseChanges();
    changes.intentId = intentId;
    database.write(changes, false);
  }

  /// Chooses where each lies and claims that, again if it was taken meanwhile.
  private List<String> claimedPaths(List<Item> items) {
    while (true) {
      List<String> paths = items.stream().map(item -> pathFor(item.name())).toList();
      index.claim(paths);
      if (paths.equals(items.stream().map(item -> pathFor(item.name())).toList())) {
        return paths;
      }
      index.release(paths);
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

  private Outcome placed(Placement placement, Placer placer, DatabaseChanges after) {
    Item item = placement.item;
    try {
      if (item.edit()) {
        try (FileHandle file = tree.open(item.temp())) {
          file.sync();
        }
      }
      Put put = put(placement, placer, after);
      if (item.edit()) {
        tree.syncParents(placement.path, placer.hasMadeFolders());
      }
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
    if (out.isFile()
        && out.identity().size() == placement.item.content().size()
        && contentIs(temp, out, placement.item.content())) {
      tree.unlink(temp); // It was the same content already, only not scanned yet.
      return Optional.empty();
    }
    return Optional.of(keepBeside(temp, placement.item.name()));
  }

  /// An edit that the directory has not accepted is kept when somebody else's version replaces it.
  private static boolean isUnseen(FileRecord old, Item item) {
    return old.edited() && !item.edit();
  }

  private boolean isAsRecorded(FileRecord old, FileStat seen, String temp, FileStat out) {
    return seen.identity().equals(old.identity())
        || (out.isFile()
            && out.identity().size() == old.identity().size()
            && contentIs(temp, out, old.content()));
  }

  private boolean contentIs(String path, FileStat stat, ContentId expected) {
    return hasher.hash(path, stat.identity()) instanceof FileHasher.Result.Hashed hashed
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

    /// Any later write changes the mtime unless that is as young as the file: then it is hashed
    /// once more.
    FileRecord record(FileIdentity identity) {
      ContentId baseContent = item.edit() ? null : item.content();
      boolean racy = identity.ctimeNs() - identity.mtimeNs() < FileRecord.RACY_NS;
      return new FileRecord(
          path,
          item.name(),
          identity,
          item.content(),
          item.base(),
          baseContent,
          item.reason(),
          item.stat().mode(),
          racy);
    }
  }
}
