package dev.potluck.peer;

import dev.potluck.content.FailedException;
import dev.potluck.content.Name;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.function.UnaryOperator;

/// The parts of an open share, put together and taken apart.
final class ShareParts implements AutoCloseable {
  private static final System.Logger LOG = System.getLogger(ShareParts.class.getName());

  private final Path folder;
  private final InstanceLock lock;
  private final ShareTree tree;
  private final ScanDatabase database;
  private final EditJournal journal;
  private final ShareIndex index = new ShareIndex();
  private final FileHasher hasher;
  private final FolderWatch watch;
  private final Scanner scanner;
  private final ScanLoop loop;
  private final Temporaries temporaries;
  private final Moves moves;
  private final Trash trash;
  private final RecordedBytes bytes;
  private final Overlays overlays;

  private ShareParts(
      Path folder,
      InstanceLock lock,
      ShareTree tree,
      ScanDatabase database,
      EditJournal journal,
      ShareOptions options,
      UnaryOperator<Name> conflictName,
      ShareListener listener,
      Executor executor)
      throws IOException {
    this.folder = folder;
    this.lock = lock;
    this.tree = tree;
    this.database = database;
    this.journal = journal;
    this.hasher = new FileHasher(tree, options.clock(), executor);
    Naming naming = new Naming(options.prefix());
    this.trash = new Trash(tree, database, options, name -> index.named(name) != null);
    Installer installer =
        new Installer(tree, index, database, naming, trash, hasher, options, conflictName, journal);
    JournalRecovery journaled = new JournalRecovery(tree, database, trash, hasher, installer);
    new Recovery(tree, database, trash, installer).run(() -> journaled.run(journal.left()));
    journal.start(this::bringToDisk, database::flush);
    database.files().forEach(index::put);
    this.watch = new FolderWatch(folder, new WatchHints());
    RotShelf rot = new RotShelf(tree, folder, options.clock());
    this.bytes = new RecordedBytes(tree);
    this.overlays =
        new Overlays(
            tree,
            index,
            database,
            bytes,
            new WholeFiles(tree, index, database, bytes, installer, hasher, rot),
            options,
            event -> listener.changed(List.of(event)));
    installer.finishFirst(overlays);
    this.scanner =
        new Scanner(
            tree, index, database, naming, hasher, rot, options, listener, overlays, watch::add);
    scanner.confirm();
    this.loop = new ScanLoop(scanner, trash, options);
    this.temporaries = new Temporaries(tree, hasher);
    this.moves =
        new Moves(
            tree,
            index,
            database,
            installer,
            trash,
            temporaries,
            options.clock(),
            journal,
            overlays,
            this::hint);
  }

  static ShareParts open(
      Path folder,
      ShareOptions options,
      UnaryOperator<Name> conflictName,
      ShareListener listener,
      Executor executor) {
    checkEncoding();
    try {
      Files.createDirectories(folder);
      Path real = folder.toRealPath();
      ShareTree tree = ShareTree.open(real);
      InstanceLock lock = null;
      ScanDatabase database = null;
      EditJournal journal = null;
      ShareParts parts = null;
      try {
        for (String own :
            new String[] {
              Name.RESERVED,
              Share.TEMP,
              Share.PREPARED,
              Temporaries.DRAFTS,
              Overlay.FOLDER,
              Partial.FOLDER,
              Trash.FOLDER,
              RotShelf.FOLDER
            }) {
          tree.makeFolder(own, 0700);
        }
        lock = InstanceLock.take(real);
        tree.learnTimes(Share.TEMP + "/times");
        database = ScanDatabase.open(real.resolve(Name.RESERVED).resolve("share.db"));
        journal = EditJournal.open(tree);
        parts =
            new ShareParts(
                real, lock, tree, database, journal, options, conflictName, listener, executor);
        return parts;
      } finally {
        if (parts == null) {
          if (journal != null) {
            journal.close();
          }
          if (database != null) {
            database.close();
          }
          if (lock != null) {
            lock.close();
          }
          tree.close();
        }
      }
    } catch (Errno.UnsupportedException e) {
      throw new FailedException(
          "can't use the share "
              + folder
              + ": "
              + e.getReason()
              + "; Potluck needs Linux 5.6 or newer and a local file system",
          e);
    } catch (ExceptionInInitializerError | NoClassDefFoundError e) {
      throw new FailedException(
          "this system's C library lacks what Potluck needs (Linux with glibc 2.30 or newer): "
              + e.getMessage(),
          e);
    } catch (IOException e) {
      throw Failures.of("can't use the share " + folder, e);
    }
  }

  private void bringToDisk() throws IOException {
    tree.syncAll();
    database.write(new DatabaseChanges(), true);
  }

  /// Java can't name files it can't encode.
  private static void checkEncoding() {
    String encoding = System.getProperty("sun.jnu.encoding", "").toUpperCase(Locale.ROOT);
    if (!encoding.equals("UTF-8") && !encoding.equals("UTF8")) {
      throw new FailedException(
          "file names are encoded as "
              + encoding
              + " here, but Potluck's are UTF-8; start it by ./potluck or with LC_ALL=C.UTF-8");
    }
  }

  void start() {
    watch.start();
    loop.start();
    overlays.start();
  }

  private void hint() {
    loop.hint();
  }

  private final class WatchHints implements FolderWatch.Hints {
    @Override
    public void touched(Set<String> paths) {
      loop.touched(paths);
    }

    @Override
    public void anything() {
      loop.hint();
    }
  }

  /// Hashes a file again, on the scanner's thread.
  boolean verify(FileRecord record) {
    return loop.call(() -> scanner.verify(record));
  }

  Path folder() {
    return folder;
  }

  ShareTree tree() {
    return tree;
  }

  ShareIndex index() {
    return index;
  }

  ScanDatabase database() {
    return database;
  }

  RecordedBytes bytes() {
    return bytes;
  }

  Overlays overlays() {
    return overlays;
  }

  Moves moves() {
    return moves;
  }

  Trash trash() {
    return trash;
  }

  Temporaries temporaries() {
    return temporaries;
  }

  ScanLoop loop() {
    return loop;
  }

  @Override
  public void close() {
    hasher.stop();
    temporaries.close();
    overlays.close();
    loop.close();
    journal.close();
    try {
      watch.close();
      database.close();
      lock.close();
    } catch (IOException e) {
      LOG.log(System.Logger.Level.WARNING, "the share was not closed cleanly", e);
    }
    tree.close();
  }
}
