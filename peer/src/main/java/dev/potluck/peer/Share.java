package dev.potluck.peer;

import dev.potluck.content.ConflictException;
import dev.potluck.content.ContentId;
import dev.potluck.content.FailedException;
import dev.potluck.content.Name;
import dev.potluck.content.NoSuchNameException;
import dev.potluck.content.PieceLayer;
import dev.potluck.content.PotluckException;
import dev.potluck.content.Version;
import dev.potluck.directory.Fact;
import dev.potluck.directory.Reason;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import java.util.function.UnaryOperator;

/// The shared folder of this peer: what lies in it, what it is called in the party, and every
/// change Potluck makes to it. Thread-safe. Failures are PotluckExceptions that name the file.
///
/// Names and paths: see {@link Naming}. The listener must not call {@link #rescan}, {@link #verify}
/// or {@link #close}, which wait for the thread it runs on; everything else may be called from it.
public final class Share implements AutoCloseable {
  static final String TEMP = ".potluck/tmp";

  /// What is about to be committed; unlike what is in {@link #TEMP} it outlives a crash.
  static final String PREPARED = ".potluck/prepared";

  private final ShareParts parts;
  private final ShareTree tree;
  private final RecordedBytes bytes;
  private final ShareIndex index;
  private final ScanDatabase database;
  private final Moves moves;
  private final Temporaries temporaries;
  private final Exports exports;
  private final ScanLoop loop;
  private final Set<ContentId> downloads = ConcurrentHashMap.newKeySet();
  private final AtomicBoolean closed = new AtomicBoolean();
  private final List<LocalFile> editsOfEarlierRuns;

  private Share(ShareParts parts) {
    this.parts = parts;
    this.tree = parts.tree();
    this.bytes = parts.bytes();
    this.index = parts.index();
    this.database = parts.database();
    this.moves = parts.moves();
    this.temporaries = parts.temporaries();
    this.exports = new Exports(tree, temporaries);
    this.loop = parts.loop();
    this.editsOfEarlierRuns = files().stream().filter(LocalFile::edited).toList();
  }

  /// Edits that were found before this start: whether they were announced, and became versions, is
  /// not known any more.
  List<LocalFile> editsOfEarlierRuns() {
    return editsOfEarlierRuns;
  }

  /// Opens a folder (made if missing), repairs what a crash left, compares it with the database and
  /// goes on watching it. What it then hashes is told to the listener, as soon as this returns or
  /// sooner.
  ///
  /// @param conflictName under which name a local edit is kept when its own is taken
  /// @param executor runs hashing, side by side
  /// @throws FailedException if another peer has it open, or it is unusable
  public static Share open(
      Path folder,
      ShareOptions options,
      UnaryOperator<Name> conflictName,
      ShareListener listener,
      Executor executor) {
    Share share = new Share(ShareParts.open(folder, options, conflictName, listener, executor));
    share.parts.start();
    return share;
  }

  /// The share's own absolute path.
  public Path folder() {
    return parts.folder();
  }

  /// Compares the whole folder with the database now, waits for what is not settled yet, and
  /// returns after the listener was told.
  public ScanReport rescan() {
    return rescan(false);
  }

  /// {@link #rescan()}.
  ///
  /// @param deletionsMeant takes all files that are missing for deleted on purpose, even if
  ///   everything is gone at once, or a file system that was mounted in the share
  public ScanReport rescan(boolean deletionsMeant) {
    return loop.rescan(deletionsMeant);
  }

  /// Asks for a rescan soon, without waiting.
  public void hint() {
    loop.hint();
  }

  /// All files, as of the last event and the last change by a caller. After a start, a file that
  /// does not look as recorded is left out until it was hashed.
  public List<LocalFile> files() {
    return index.trusted().map(FileRecord::local).toList();
  }

  /// What the last scan left out, and why.
  public List<Skipped> skipped() {
    return loop.skipped();
  }

  public Optional<LocalFile> find(Name name) {
    return Optional.ofNullable(index.named(name))
        .filter(record -> index.isTrusted(record.path()))
        .map(FileRecord::local);
  }

  /// Whether something lies where a file was when the share was last looked through.
  boolean isThere(LocalFile file) {
    return Files.exists(folder().resolve(file.path()), LinkOption.NOFOLLOW_LINKS);
  }

  /// The file at an absolute path, if it lies in the share and is known.
  public Optional<LocalFile> at(Path absolute) {
    Path normal = absolute.normalize();
    if (!normal.startsWith(folder()) || normal.equals(folder())) {
      return Optional.empty();
    }
    return Optional.ofNullable(index.at(folder().relativize(normal).toString()))
        .filter(record -> index.isTrusted(record.path()))
        .map(FileRecord::local);
  }

  /// Whether {@link #holding} has any.
  public boolean holds(ContentId content) {
    return index.isHeldForSure(content);
  }

  /// Files with this content, if any.
  public List<LocalFile> holding(ContentId content) {
    return index.holding(content).stream()
        .filter(record -> index.isTrusted(record.path()))
        .map(FileRecord::local)
        .toList();
  }

  /// Opens a content for serving, after checking that its file is still the one that was hashed; a
  /// file that changed is not served, and rescanned.
  public Optional<OpenContent> open(ContentId content) {
    Optional<OpenContent> opened =
        firstOpened(
            content,
            record -> layerOf(content).flatMap(layer -> ServedFile.open(bytes, record, layer)));
    return opened.isPresent() ? opened : openReplaced(content);
  }

  /// What was replaced or deleted here is still had while the trash keeps it.
  private Optional<OpenContent> openReplaced(ContentId content) {
    Optional<FileRecord> replaced = replaced(content);
    if (replaced.isEmpty()) {
      return Optional.empty();
    }
    return layerOf(content).flatMap(layer -> ServedFile.open(bytes, replaced.get(), layer));
  }

  private Optional<PieceLayer> layerOf(ContentId content) {
    try {
      return database.layer(content);
    } catch (IOException e) {
      throw Failures.of("can't read the share's database", e);
    }
  }

  /// Opens one of the files that hold a content; those that can't be opened are rescanned. Looks
  /// again for them if they are others now: an edit may have become a file of its own this instant.
  private <T> Optional<T> firstOpened(
      ContentId content, Function<FileRecord, Optional<T>> opening) {
    List<FileRecord> tried = List.of();
    for (List<FileRecord> now = index.holding(content);
        !now.equals(tried);
        now = index.holding(content)) {
      tried = now;
      for (FileRecord record : now) {
        Optional<T> opened = opening.apply(record);
        if (opened.isPresent()) {
          return opened;
        }
        loop.hint();
      }
    }
    return Optional.empty();
  }

  /// A copy of a content that is here whole, in a file or symlink of the share or in the trash.
  Optional<ReadyContent> copyOf(ContentId content) {
    Optional<ReadyContent> copy = firstOpened(content, this::copyOf);
    return copy.isPresent() ? copy : replaced(content).flatMap(this::copyOf);
  }

  private Optional<ReadyContent> copyOf(FileRecord record) {
    Optional<FileSource> source = bytes.open(record);
    if (source.isEmpty()) {
      return Optional.empty();
    }
    try (FileSource opened = source.get()) {
      ReadyContent copy = temporaries.copyOf(opened, record.content().size());
      if (copy.content().equals(record.content())) {
        return Optional.of(copy);
      }
      discard(copy);
      return Optional.empty();
    } catch (IOException e) {
      throw Failures.of("can't copy " + record.path(), e);
    }
  }

  /// Whether a content is here whole, in a file of the share or in the trash.
  boolean has(ContentId content) {
    return holds(content) || replaced(content).isPresent();
  }

  /// What an edit is about to replace, or has followed a moment ago, or what is in the trash.
  private Optional<FileRecord> replaced(ContentId content) {
    Optional<FileRecord> here = index.beneath(content).or(() -> bytes.kept(content));
    try {
      return here.isPresent() ? here : parts.trash().holding(content);
    } catch (IOException e) {
      throw Failures.of("can't read the share's database", e);
    }
  }

  /// Opens the file or symlink of a content that is here whole, if it is still the one that was
  /// hashed; else it is rescanned.
  Optional<FileSource> openFile(ContentId content) {
    return firstOpened(content, bytes::open);
  }

  /// {@link #openFile}, to be read as long as nobody writes into it; also one that is being given
  /// other times this instant.
  Optional<LocalOpenFile> openVersion(ContentId content) throws IOException {
    List<FileRecord> tried;
    do {
      tried = index.holding(content);
      Optional<FileSource> file = openFile(content);
      if (file.isPresent()) {
        return Optional.of(LocalOpenFile.of(file.get(), recorded(content)));
      }
      tried.forEach(record -> index.awaitRelease(record.path()));
    } while (!tried.equals(index.holding(content)));
    return Optional.empty();
  }

  /// Who knows what files of a content are now, if Potluck itself has given them other times.
  LocalOpenFile.Recorded recorded(ContentId content) {
    return file -> {
      for (FileRecord holding : index.holding(content)) {
        List<String> path = List.of(holding.path());
        index.claim(path);
        try {
          FileRecord now = index.at(holding.path());
          FileIdentity identity = file.stat().identity();
          if (now != null
              && now.content().equals(content)
              && now.identity().sameButCtime(identity)) {
            return Optional.of(identity);
          }
        } finally {
          index.release(path);
        }
      }
      return Optional.empty();
    };
  }

  /// Whether a content is here whole, in a file that is still the one that was hashed.
  boolean hasFile(ContentId content) {
    return openFile(content).map(Share::closed).isPresent();
  }

  /// Whether the file of a name is one that the party knows, unchanged, so that another version may
  /// take its place unasked; or there is none.
  boolean isReplaceable(Name name) {
    FileRecord record = index.named(name);
    if (record != null && !isUnchanged(record)) {
      index.awaitRelease(record.path()); // It may be given other times this instant.
      record = index.named(name);
    }
    return record == null || isUnchanged(record);
  }

  private boolean isUnchanged(FileRecord record) {
    return index.isTrusted(record.path()) && !record.edited() && bytes.isReadable(record);
  }

  private static boolean closed(FileSource file) {
    file.close();
    return true;
  }

  /// The hashes of the pieces of a content that is here whole.
  public Optional<PieceLayer> layer(ContentId content) {
    return index.isHeld(content) ? layerOf(content) : Optional.empty();
  }

  /// Records that the directory knows this name at this version, which this share's file holds or
  /// was made from. The file stops being an edit if its content is the version's. Nothing is
  /// recorded if it was made from a later one: who looked at it did so a moment ago.
  public Optional<LocalFile> recordVersion(Name name, Version version) {
    return moves.update(name, r -> r.following(version));
  }

  /// {@link #recordVersion} for what the directory says again if a crash takes it back.
  void heardVersion(Name name, Version version) {
    moves.updateSoon(name, r -> r.following(version));
  }

  /// {@link #heardVersion} as the answer to an edit. A file that was given other attributes since
  /// is an edit still.
  ///
  /// @param said the edit
  void heardVersion(Name name, Version version, Fact.Edited said) {
    moves.updateSoon(name, r -> r.following(version).answered(said, version));
  }

  /// {@link #recordVersion} of many names with one transaction.
  public void recordVersions(java.util.Map<Name, Version> versions) {
    moves.updateAll(
        versions.keySet(),
        r -> {
          Version version = java.util.Objects.requireNonNull(versions.get(r.name()));
          return r.following(version);
        });
  }

  /// Changes why a file is here, as when `get` makes a fetched one kept.
  public Optional<LocalFile> recordReason(Name name, Reason reason) {
    return moves.update(name, r -> r.withReason(reason));
  }

  /// The download of a content, from what an earlier one left (every piece of which is hashed
  /// again) or from nothing. At most one at a time for a content.
  ///
  /// @throws FailedException if there is no room for it on the disk
  ///
  /// @param whole whether all of it is wanted: then its place on the disk is taken at once
  public Partial resume(PieceLayer layer, boolean whole) {
    ContentId content = layer.content();
    boolean first;
    synchronized (downloads) {
      first = downloads.add(content);
    }
    if (!first) {
      throw new IllegalStateException("already being downloaded: " + content);
    }
    boolean resumed = false;
    try {
      Partial partial = Partial.resume(tree, layer, whole, () -> downloads.remove(content));
      resumed = true;
      return partial;
    } catch (IOException e) {
      throw Failures.of("can't start the download of " + content.size() + " bytes", e);
    } finally {
      if (!resumed) {
        downloads.remove(content);
      }
    }
  }

  /// The piece hashes of a content whose download was begun earlier: they need not be fetched
  /// again.
  Optional<PieceLayer> begunLayer(ContentId content) {
    try {
      return content.pieces().count() <= 1 ? Optional.empty() : Partial.layerOf(tree, content);
    } catch (IOException e) {
      throw Failures.of("can't take up the download of " + content.size() + " bytes", e);
    }
  }

  /// Deletes what an earlier download of a content left: its name has another content by now. One
  /// that is running is left alone.
  void forgetDownload(ContentId content) {
    synchronized (downloads) {
      if (downloads.contains(content)) {
        return;
      }
      try {
        Partial.delete(tree, content);
      } catch (IOException e) {
        throw Failures.of("can't delete the begun download of " + content.size() + " bytes", e);
      }
    }
  }

  /// Copies a file from anywhere on this machine into Potluck's own folder and hashes it.
  public ReadyContent importFile(Path source) {
    return temporaries.copyOf(source);
  }

  /// The same of the target of a symlink.
  ReadyContent importLink(Path link) {
    return temporaries.copyOfLink(link);
  }

  /// Puts an imported content where it outlives a crash, on disk when this returns, until it is
  /// installed or {@link #discardPrepared discarded}.
  ///
  /// @return its path below the share
  String prepare(ReadyContent content) {
    return temporaries.prepare(content);
  }

  /// What was prepared; nothing if it is not there any more, because it was installed.
  ///
  /// @throws FailedException if it is damaged
  Optional<ReadyContent> prepared(String path, ContentId content) {
    return temporaries.prepared(path, content);
  }

  void discardPrepared(String path) {
    moves.deleteQuietly(path);
  }

  /// Deletes what was prepared, but for these paths.
  void tidyPrepared(Set<String> kept) throws IOException {
    temporaries.tidyPrepared(kept);
  }

  /// Puts a content in its place under a name, as a version the directory knows, a file or a
  /// symlink of what the content says: atomically, never over an edit that nobody saw, never
  /// through a symlink. The version it replaces goes to the trash. It exists elsewhere, so a power
  /// cut may cost it, but it is never there by half.
  public Installed install(ReadyContent content, Name name, Version version, Reason reason) {
    return moves.install(content, name, version, false, reason);
  }

  /// Puts a content in its place as a file, a local edit of version `base` (0: of none), kept, and
  /// on disk when this returns.
  public Installed installEdit(
      ReadyContent content, Name name, long base, Instant mtime, int mode) {
    return installEdit(content, name, Version.file(base, content.content(), mtime, mode));
  }

  /// {@link #installEdit}, be it of a symlink.
  ///
  /// @param version what it is to be, with the number of its base
  Installed installEdit(ReadyContent content, Name name, Version version) {
    return moves.install(content, name, version, true, Reason.KEPT);
  }

  /// Returns once these names are on disk where they lie: what is in place came from a folder of
  /// Potluck's own, where it was on disk already.
  void syncPlaces(Collection<Name> names) {
    moves.syncPlaces(names);
  }

  /// {@link #installEdit} of what was written in a draft.
  Installed installEdit(SealedDraft sealed, Name name, long base, Instant mtime, int mode) {
    return moves.install(sealed, name, base, mtime, mode);
  }

  /// Whether the content of a name's file is this one now, so that a change of it can be kept by
  /// {@link #overlay}.
  boolean holds(Name name, ContentId content) {
    return parts.overlays().holds(name, content);
  }

  /// Makes what was changed of a name's file an edit of version `base`, on disk when this returns.
  /// It is the content of the name from then on; the file itself follows.
  ///
  /// @return nothing if the name's file is not what was changed
  Optional<LocalFile> overlay(DraftChange change, Name name, long base, Instant mtime, int mode)
      throws IOException {
    return parts.overlays().write(change, name, base, mtime, mode);
  }

  /// The names of edits whose files are still to follow, in order.
  List<Name> overlaid() {
    return index.overlaid().stream().map(FileRecord::name).sorted().toList();
  }

  /// Makes files of all of them now.
  ///
  /// @throws IOException naming the first that could not be; the others are
  void finishOverlaid() throws IOException {
    IOException failure = null;
    for (FileRecord edit : index.overlaid()) {
      try {
        parts.overlays().finish(List.of(edit.path()));
      } catch (IOException e) {
        failure =
            failure == null ? new IOException(edit.name() + ": " + e.getMessage(), e) : failure;
      }
    }
    if (failure != null) {
      throw failure;
    }
  }

  /// Installs many small contents with one transaction. A file that fails does not stop the others.
  ///
  /// @throws IllegalArgumentException if a name is there twice
  public List<Outcome> installBatch(List<SmallFile> files) {
    if (files.stream().map(SmallFile::name).distinct().count() != files.size()) {
      throw new IllegalArgumentException("a name is there twice");
    }
    List<Outcome> outcomes = new ArrayList<>();
    List<Installer.Item> items = new ArrayList<>();
    for (SmallFile file : files) {
      try {
        items.add(stage(file));
      } catch (PotluckException e) {
        outcomes.add(new Outcome.Failed(file.name(), e));
      }
    }
    outcomes.addAll(installStaged(items));
    return outcomes;
  }

  /// Writes a small content, to be put in its place with others by {@link #installStaged}, or
  /// {@link #discard}ed.
  Installer.Item stage(SmallFile file) {
    try {
      return temporaries.write(file);
    } catch (IOException e) {
      throw Failures.of("can't store " + file.name(), e);
    }
  }

  /// Puts staged contents in their places with one transaction.
  ///
  /// @return an outcome for each, in their order
  List<Outcome> installStaged(List<Installer.Item> items) {
    return moves.installAll(items);
  }

  /// Deletes a staged content that will not be installed.
  void discard(Installer.Item staged) {
    moves.deleteQuietly(staged.temp());
  }

  /// Makes a symlink that nobody sees yet, safe on this disk when this returns: an edit of version
  /// `base` (0: of none), or a version, once the party has said whether it takes it.
  NotedLink noteLink(Name name, long base, byte[] target, Instant mtime)
      throws InterruptedException {
    return moves.noteLink(name, base, target, mtime);
  }

  /// Puts a content in a place outside the share, replacing what lies there.
  ///
  /// @throws PotluckException if it can't be put there; the content stays
  void export(ReadyContent content, Exports.Place place, Version version) {
    exports.put(content, place, version);
  }

  /// Deletes what a caller will not install.
  public void discard(ReadyContent content) {
    temporaries.discard(content);
  }

  /// Moves a file to the trash. One that was changed since it was looked at is left alone and
  /// rescanned.
  ///
  /// @return the file that was removed; nothing if there is none or it was changed
  public Optional<LocalFile> remove(Name name) {
    return moves.remove(name, _ -> true);
  }

  /// The same, because the name was deleted in the party: what was made of the name since, or is an
  /// edit that the directory has yet to judge, stays.
  ///
  /// @param tombstone the version that the deletion is
  Optional<LocalFile> remove(Name name, long tombstone) {
    return moves.remove(name, record -> record.goesWith(tombstone));
  }

  /// Moves a file to the trash, because the party has forgotten its name while this peer was away.
  /// It stays there for {@link Trash#ASIDE_AGE} at least, however much that is.
  ///
  /// @return nothing if there is none or it was edited
  public Optional<LocalFile> setAside(Name name) {
    return moves.setAside(name);
  }

  /// The names of what was set aside and is still there, in order.
  public List<Name> aside() {
    try {
      return parts.trash().aside();
    } catch (IOException e) {
      throw Failures.of("can't read the share's database", e);
    }
  }

  /// Whether every file was seen and hashed since the start, so that {@link #files} has them all.
  boolean isWhollyKnown() {
    return index.isWhollyTrusted();
  }

  /// Whether no file is, or was made from, a version that a party knows.
  boolean hasNothingOfAParty() {
    return isWhollyKnown() && index.all().stream().allMatch(record -> record.base() == 0);
  }

  /// Brings the newest file of that name back from the trash, as an edit of version `base` (a
  /// tombstone's or the current one's number). What lies in its place goes to the trash.
  ///
  /// @throws NoSuchNameException if the trash has none
  public LocalFile restore(Name name, long base) {
    return moves.restore(name, base);
  }

  /// Deletes what is in the trash for too long or too much; also happens by itself, after rescans.
  public void pruneTrash() {
    moves.pruneTrash();
  }

  /// Gives a local edit another name, because its own went to somebody else's version: the file
  /// moves within the share and is new (base 0).
  ///
  /// @throws ConflictException if something lies there
  public Optional<LocalFile> keepAs(Name name, Name as) {
    return moves.move(name, as, _ -> true, FileRecord::withoutBase);
  }

  /// Moves a file within the share because its name was changed in the party.
  ///
  /// @param tombstone the version of the first name that the change is
  /// @return nothing if there is no such file, or it is something newer, or an edit
  /// @throws ConflictException if something lies there
  public Optional<LocalFile> move(Name from, long tombstone, Name to, Version version) {
    return moves.move(
        from, to, record -> record.goesWith(tombstone), record -> record.withBase(version));
  }

  /// Puts the file of one name in the place of another's, as an edit of version `base` of that, on
  /// disk when this returns. What lay there goes to the trash. The first name's record stays until
  /// {@link #forgetMoved}: after a crash between the two it is a file that its user deleted.
  ///
  /// @return nothing if there is no such file, or it was changed a moment ago
  Optional<LocalFile> moveOver(Name from, Name to, long base) {
    return moves.moveOver(from, to, base);
  }

  /// Forgets the file of a name whose file was moved over another's.
  void forgetMoved(Name name) {
    moves.forgetMissing(name);
  }

  /// Gives a file the times and permissions of its version.
  void dress(Name name, Version version) {
    var _ =
        moves.dress(name, version, record -> record.following(version).withAttributesEdited(false));
  }

  /// Gives a file other times and permissions, which are an edit of what it is. They survive the
  /// end of this process when this returns; a power cut may take them back, as on any disk.
  ///
  /// @param shape what it is to be, of the size that the content has
  /// @return nothing if the name's file has not that content
  Optional<LocalFile> dressEdit(Name name, ContentId content, DraftShape shape) {
    Version dressed = Version.file(0, content, shape.mtime(), shape.mode());
    return moves.dress(name, dressed, record -> record.withAttributesEdited(true));
  }

  /// Lets attributes go that were an edit of what the party has something else for by now.
  ///
  /// @return false if there are none, or the content is an edit, too
  boolean forgetAttributes(Name name) {
    return moves.forgetAttributes(name);
  }

  /// Where drafts write.
  DraftContent.Scratches scratches() {
    return temporaries;
  }

  /// Hashes the files of a content again because somebody found it wrong; what the disk damaged is
  /// set aside and told as {@link ShareEvent.Rotten}.
  ///
  /// @return whether all of them are right
  public boolean verify(ContentId content) {
    boolean right = true;
    for (FileRecord record : index.holding(content)) {
      right &= parts.verify(record);
    }
    return right;
  }

  @Override
  public void close() {
    if (closed.compareAndSet(false, true)) {
      parts.close();
    }
  }

  /// How one file of a batch went.
  public sealed interface Outcome {
    Name name();

    record Done(Installed installed) implements Outcome {
      @Override
      public Name name() {
        return installed.file().name();
      }
    }

    record Failed(Name name, PotluckException why) implements Outcome {}
  }
}
