package dev.potluck.peer;

import dev.potluck.content.Kind;
import dev.potluck.content.Name;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/// Makes files of edits that are only written over the files they were made from so far, and puts
/// them in the places of those. Thread-safe by claims on paths.
final class WholeFiles {
  private static final Logger LOG = System.getLogger(WholeFiles.class.getName());

  private final ShareTree tree;
  private final ShareIndex index;
  private final ScanDatabase database;
  private final RecordedBytes bytes;
  private final Installer installer;
  private final FileHasher hasher;
  private final RotShelf rot;
  private volatile boolean ending;

  WholeFiles(
      ShareTree tree,
      ShareIndex index,
      ScanDatabase database,
      RecordedBytes bytes,
      Installer installer,
      FileHasher hasher,
      RotShelf rot) {
    this.tree = tree;
    this.index = index;
    this.database = database;
    this.bytes = bytes;
    this.installer = installer;
    this.hasher = hasher;
    this.rot = rot;
  }

  /// From here on nothing that was copied is put in place: the next start does it again.
  void end() {
    ending = true;
  }

  /// A file with all of an edit, on the disk.
  private record Whole(FileRecord edit, String temp, FileStat stat) {}

  /// A new log. Its name is on the disk when this returns.
  FileHandle newLog() throws IOException {
    FileHandle log = tree.create(Overlay.FOLDER + "/" + UUID.randomUUID());
    boolean named = false;
    try {
      tree.syncFolder(Overlay.FOLDER);
      named = true;
      return log;
    } finally {
      if (!named) {
        log.close();
        tree.unlinkIfPresent(log.path());
      }
    }
  }

  /// Makes a file of what a path has now, unless another change is faster. What is written
  /// meanwhile is over that file then.
  void complete(String path) throws IOException {
    FileRecord edit = index.at(path);
    if (edit == null || edit.overlay() == null) {
      return;
    }
    Whole whole = copied(edit, edit.overlay());
    index.claim(List.of(path));
    try {
      place(whole);
    } finally {
      index.release(List.of(path));
    }
  }

  /// The same of a path that the caller has claimed: nothing is written over it meanwhile.
  void completeClaimed(String path) throws IOException {
    if (ending) {
      throw new IOException("the share is being closed; what was written is safe");
    }
    FileRecord edit = index.at(path);
    if (edit != null && edit.overlay() != null) {
      place(copied(edit, edit.overlay()));
    }
  }

  private Whole copied(FileRecord edit, Overlay overlay) throws IOException {
    FileHandle temp = tree.create(Share.TEMP + "/" + UUID.randomUUID());
    boolean whole = false;
    try (temp;
        OverlaidFile source = bytes.openOverlaid(edit, overlay)) {
      source.copyTo(temp);
      FileStat stat = temp.dressed(edit.mode(), overlay.mtimeNs());
      temp.sync();
      if (!source.stat().identity().sameButCtime(edit.identity()) || isTouched(edit)) {
        throw new IOException(edit.path() + " was changed while it was copied");
      }
      whole = true;
      return new Whole(edit, temp.path(), stat);
    } finally {
      if (!whole) {
        tree.unlinkIfPresent(temp.path());
      }
    }
  }

  private void place(Whole whole) throws IOException {
    FileRecord edit = whole.edit;
    Overlay before = Objects.requireNonNull(edit.overlay());
    FileRecord now = index.at(edit.path());
    Overlay newest = now == null ? null : now.overlay();
    if (ending
        || now == null
        || newest == null
        || !newest.log().equals(before.log())
        || !now.identity().equals(edit.identity())) {
      tree.unlinkIfPresent(whole.temp);
      return;
    }
    installer.replaceBeneath(planned(whole, before, now, newest), whole.temp);
    end(newest);
  }

  private void end(Overlay overlay) throws IOException {
    bytes.end(overlay.log());
    tree.unlinkIfPresent(overlay.log());
  }

  private FileRecord planned(Whole whole, Overlay before, FileRecord now, Overlay newest)
      throws IOException {
    boolean ready = false;
    try {
      FileIdentity identity = dressed(whole, now, newest).identity();
      FileRecord planned =
          now.in(identity, tree.isRacy(identity), rest(whole.edit, before, now, newest));
      ready = true;
      return planned;
    } finally {
      if (!ready) {
        tree.unlinkIfPresent(whole.temp);
      }
    }
  }

  /// What was written since, over the whole file, in a log of its own: who reads the old one goes
  /// on.
  private @Nullable Overlay rest(FileRecord edit, Overlay before, FileRecord now, Overlay newest)
      throws IOException {
    if (now.content().equals(edit.content())) {
      return null;
    }
    List<Extents.Extent> moved = new ArrayList<>();
    boolean whole = false;
    FileHandle to = newLog();
    try (to;
        FileHandle from = tree.open(newest.log())) {
      long at = 0;
      for (Extents.Extent extent : newest.extents().since(before.extents().logBytes()).inOrder()) {
        OverlaidFile.copy(from, extent.at(), to, at, extent.length());
        moved.add(new Extents.Extent(extent.from(), extent.to(), at));
        at += extent.length();
      }
      to.sync();
      whole = true;
      return new Overlay(edit.content(), newest.mtimeNs(), to.path(), new Extents(moved));
    } finally {
      if (!whole) {
        tree.unlinkIfPresent(to.path());
      }
    }
  }

  /// Its attributes may have been changed meanwhile.
  private FileStat dressed(Whole whole, FileRecord now, Overlay newest) throws IOException {
    if (now.mode() == whole.stat.mode() && newest.mtimeNs() == whole.stat.identity().mtimeNs()) {
      return whole.stat;
    }
    try (FileHandle file = tree.openForWriting(whole.temp)) {
      return file.dressed(now.mode(), newest.mtimeNs());
    }
  }

  /// Sees to an edit whose file beneath is not as it was: nothing that was written is lost. A file
  /// that was replaced or deleted is still held open, so that the edit becomes a file now, and what
  /// lies in its place is kept beside. Into one that was written, nobody can tell any more what it
  /// was: what was written over it is kept beside, over what it is now, and that is an edit as any
  /// other in the share.
  ///
  /// @return what there is to tell
  /// @throws IOException if it has to be tried again
  Optional<ShareEvent> repair(String path) throws IOException {
    index.claim(List.of(path));
    try {
      FileRecord edit = index.at(path);
      return edit == null || edit.overlay() == null
          ? Optional.empty()
          : repaired(edit, edit.overlay());
    } finally {
      index.release(List.of(path));
    }
  }

  private Optional<ShareEvent> repaired(FileRecord edit, Overlay overlay) throws IOException {
    if (!isTouched(edit) && bytes.isReadable(edit)) {
      completeClaimed(edit.path());
      return Optional.empty();
    }
    Optional<FileStat> there = tree.stat(edit.path()).filter(FileStat::isFile);
    if (there.isEmpty()) {
      return keptBeside(edit, overlay, there);
    }
    return switch (hasher.hash(edit.path(), there.get())) {
      case FileHasher.Result.Failed(String why) -> throw new IOException(why);
      case FileHasher.Result.Unsettled() ->
          throw new IOException(edit.path() + " is being changed");
      case FileHasher.Result.Hashed(FileStat stat, var layer, boolean racy) -> {
        if (layer.content().equals(edit.content())) {
          // It was put in place, and then the power was cut.
          Optional<ShareEvent> event = seen(edit.path(), stat, racy, null);
          end(overlay);
          yield event;
        }
        if (layer.content().equals(overlay.base())) {
          bytes.reopen(overlay.log()); // Other times, or another mode.
          yield seen(edit.path(), stat, racy, overlay);
        }
        yield keptBeside(edit, overlay, there);
      }
    };
  }

  /// Goes on with an edit of another file than was known. If that was in doubt since the start,
  /// nobody was told of it.
  private Optional<ShareEvent> seen(
      String path, FileStat stat, boolean racy, @Nullable Overlay overlay) throws IOException {
    boolean doubted = !index.isTrusted(path);
    FileRecord now = change(path, edit -> edit.in(stat.identity(), racy, overlay));
    return doubted ? Optional.of(new ShareEvent.Added(now.local())) : Optional.empty();
  }

  /// Whether somebody did something to the file beneath, which still lies in its place: one that
  /// was written may look as before but for its ctime.
  private boolean isTouched(FileRecord edit) throws IOException {
    return tree.stat(edit.path())
        .map(FileStat::identity)
        .filter(now -> now.inode() == edit.identity().inode() && !now.equals(edit.identity()))
        .isPresent();
  }

  /// Changes the record there is now: a claim does not keep out what the directory says of it.
  private FileRecord change(String path, UnaryOperator<FileRecord> change) throws IOException {
    DatabaseChanges changes = new DatabaseChanges();
    synchronized (index) {
      FileRecord changed = change.apply(Objects.requireNonNull(index.at(path), path));
      changes.files.add(changed);
      database.write(changes, true);
      index.put(changed);
      return changed;
    }
  }

  private Optional<ShareEvent> keptBeside(
      FileRecord edit, Overlay overlay, Optional<FileStat> there) throws IOException {
    if (tree.stat(overlay.log()).isEmpty()) {
      return lost(edit, overlay);
    }
    Name kept = keptBeside(mixture(edit, overlay, there), edit.name());
    tree.syncAll();
    var _ = change(edit.path(), now -> now.in(now.identity(), now.racy(), null));
    index.doubt(edit.path()); // It is not what lies there: the next scan says what does.
    end(overlay);
    LOG.log(
        Level.WARNING,
        "{0} was changed in the share while an edit of it was not a file yet: what was written in"
            + " the mount is {1}, over the file as it is now",
        edit.name(),
        kept);
    return Optional.of(new ShareEvent.Overwritten(edit.local(), kept));
  }

  private Name keptBeside(String temp, Name name) throws IOException {
    boolean kept = false;
    try {
      Name beside = installer.keepBeside(temp, name);
      kept = true;
      return beside;
    } finally {
      if (!kept) {
        tree.unlinkIfPresent(temp);
      }
    }
  }

  private String mixture(FileRecord edit, Overlay overlay, Optional<FileStat> there)
      throws IOException {
    FileHandle temp = tree.create(Share.TEMP + "/" + UUID.randomUUID());
    boolean done = false;
    try (temp;
        FileHandle log = tree.open(overlay.log())) {
      if (there.isPresent()) {
        long beneath = Math.min(overlay.base().size(), there.get().identity().size());
        try (FileHandle file = tree.open(edit.path())) {
          OverlaidFile.copy(file, 0, temp, 0, beneath);
        }
      }
      for (Extents.Extent extent : overlay.extents().inOrder()) {
        OverlaidFile.copy(log, extent.at(), temp, extent.from(), extent.length());
      }
      temp.resize(edit.content().size());
      var _ = temp.dressed(edit.mode(), overlay.mtimeNs());
      temp.sync();
      done = true;
      return temp.path();
    } finally {
      if (!done) {
        tree.unlinkIfPresent(temp.path());
      }
    }
  }

  /// Somebody deleted what was written: the party may have it elsewhere.
  private Optional<ShareEvent> lost(FileRecord edit, Overlay overlay) throws IOException {
    return lost(edit, overlay, rot.setAside(edit));
  }

  private Optional<ShareEvent> lost(FileRecord edit, Overlay overlay, Path kept)
      throws IOException {
    var event = new ShareEvent.Rotten(edit.local(), kept);
    DatabaseChanges changes = new DatabaseChanges();
    changes.removed.add(edit.path());
    synchronized (index) {
      database.write(changes, true);
      index.remove(edit.path());
    }
    end(overlay);
    LOG.log(
        Level.ERROR,
        "what was written in {0} is damaged, or gone from {1}: what there is lies in {2}",
        edit.name(),
        overlay.log(),
        kept);
    return Optional.of(event);
  }

  /// Whether all of an edit is what it is to be; not, either, if it can't be read at present.
  boolean isRight(FileRecord edit) throws IOException {
    Optional<FileSource> opened = bytes.open(edit);
    if (opened.isEmpty()) {
      return false;
    }
    try (FileSource file = opened.get()) {
      return hasher.layerOf(file, edit.content().size()).content().equals(edit.content());
    }
  }

  /// Sets an edit aside that was found not to be right, if nobody but the disk can have done that:
  /// all that there is of it, and the file beneath.
  Optional<ShareEvent> damaged(FileRecord edit, Overlay overlay) throws IOException {
    String path = edit.path();
    index.claim(List.of(path));
    try {
      Optional<FileStat> there = tree.stat(path);
      boolean byDisk =
          edit.equals(index.at(path))
              && !edit.racy()
              && there.filter(stat -> stat.identity().equals(edit.identity())).isPresent();
      if (!byDisk) {
        return Optional.empty();
      }
      Path kept = rot.setAside(mixture(edit, overlay, there), path);
      var _ = rot.setAside(edit);
      return lost(edit, overlay, kept);
    } finally {
      index.release(List.of(path));
    }
  }

  /// Lets an edit go whose name is being deleted, and for which the disk has no room.
  void giveUp(String path) throws IOException {
    FileRecord edit = index.at(path);
    if (edit == null || edit.overlay() == null || edit.kind() != Kind.FILE) {
      return;
    }
    var _ = change(path, FileRecord::beneath);
    end(edit.overlay());
    LOG.log(
        Level.WARNING,
        "{0} is deleted, and the disk has no room to keep its last version in the trash: the one"
            + " before it is there",
        edit.name());
  }
}
