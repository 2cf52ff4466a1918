package dev.potluck.peer;

import dev.potluck.content.ContentId;
import dev.potluck.content.Name;
import dev.potluck.content.PieceLayer;
import dev.potluck.content.Version;
import dev.potluck.directory.Reason;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.function.UnaryOperator;

/// The shared folder of this peer: what lies in it, what it is called in the party, and every
/// change Potluck makes to it. Thread-safe. Failures are PotluckExceptions that name the file.
@SuppressWarnings("DoNotCallSuggester")
public final class Share implements AutoCloseable {

  /// Opens a folder (made if missing), repairs what a crash left, compares it with the database and
  /// goes on watching it. What it then hashes is told to the listener.
  ///
  /// @param conflictName under which name a local edit is kept when its own is taken
  /// @param executor runs hashing, side by side
  /// @throws dev.potluck.content.FailedException if another peer has it open, or it is unusable
  public static Share open(
      Path folder,
      ShareOptions options,
      UnaryOperator<Name> conflictName,
      ShareListener listener,
      Executor executor) {
    throw new UnsupportedOperationException();
  }

  /// The share's own absolute path.
  public Path folder() {
    throw new UnsupportedOperationException();
  }

  /// Compares the whole folder with the database now, waits for what is not settled yet, and
  /// returns after the listener was told.
  public ScanReport rescan() {
    throw new UnsupportedOperationException();
  }

  /// Asks for a rescan soon, without waiting.
  public void hint() {
    throw new UnsupportedOperationException();
  }

  /// All files, as of the last event and the last change by a caller.
  public List<LocalFile> files() {
    throw new UnsupportedOperationException();
  }

  /// What the last scan left out, and why.
  public List<Skipped> skipped() {
    throw new UnsupportedOperationException();
  }

  public Optional<LocalFile> find(Name name) {
    throw new UnsupportedOperationException();
  }

  /// The file at an absolute path, if it lies in the share and is known.
  public Optional<LocalFile> at(Path absolute) {
    throw new UnsupportedOperationException();
  }

  /// Files with this content, if any.
  public List<LocalFile> holding(ContentId content) {
    throw new UnsupportedOperationException();
  }

  /// Opens a content for serving, after checking that its file is still the one that was hashed; a
  /// file that changed is not served, and rescanned.
  public Optional<OpenContent> open(ContentId content) {
    throw new UnsupportedOperationException();
  }

  /// The hashes of the pieces of a content that is here whole.
  public Optional<PieceLayer> layer(ContentId content) {
    throw new UnsupportedOperationException();
  }

  /// Records that the directory knows this name at this version, which this share's file holds or
  /// was made from. The file stops being an edit if its content is the version's.
  public Optional<LocalFile> recordVersion(Name name, Version version) {
    throw new UnsupportedOperationException();
  }

  /// Changes why a file is here, as when `get` makes a fetched one kept.
  public Optional<LocalFile> recordReason(Name name, Reason reason) {
    throw new UnsupportedOperationException();
  }

  /// The download of a content, from what an earlier one left (every piece of which is hashed
  /// again) or from nothing. At most one at a time for a content.
  ///
  /// @throws dev.potluck.content.FailedException if there is no room for it on the disk
  public Partial resume(PieceLayer layer) {
    throw new UnsupportedOperationException();
  }

  /// Copies a file from anywhere on this machine into Potluck's own folder and hashes it.
  public ReadyContent importFile(Path source) {
    throw new UnsupportedOperationException();
  }

  /// Puts a content in its place under a name, as a version the directory knows: atomically, never
  /// over an edit that nobody saw, never through a symlink. The version it replaces goes to the
  /// trash. Kept files are on disk when this returns; fetched ones may be lost in a power cut, but
  /// are never there by half.
  public Installed install(ReadyContent content, Name name, Version version, Reason reason) {
    throw new UnsupportedOperationException();
  }

  /// Puts a content in its place as a local edit of version `base` (0: of none), kept and durable.
  public Installed installEdit(
      ReadyContent content, Name name, long base, Instant mtime, int mode) {
    throw new UnsupportedOperationException();
  }

  /// Installs many small contents with one transaction. A file that fails does not stop the others.
  public List<Outcome> installBatch(List<SmallFile> files) {
    throw new UnsupportedOperationException();
  }

  /// Deletes what a caller will not install.
  public void discard(ReadyContent content) {
    throw new UnsupportedOperationException();
  }

  /// Moves a file to the trash, because its name was deleted in the party. A file that was edited
  /// since is left alone and rescanned.
  ///
  /// @return the file that was removed; nothing if there is none or it was edited
  public Optional<LocalFile> remove(Name name) {
    throw new UnsupportedOperationException();
  }

  /// Brings the newest file of that name back from the trash, as an edit of version `base` (a
  /// tombstone's or the current one's number). What lies in its place goes to the trash.
  ///
  /// @throws dev.potluck.content.NoSuchNameException if the trash has none
  public LocalFile restore(Name name, long base) {
    throw new UnsupportedOperationException();
  }

  /// Gives a local edit another name, because its own went to somebody else's version: the file
  /// moves within the share and is new (base 0).
  public Optional<LocalFile> keepAs(Name name, Name as) {
    throw new UnsupportedOperationException();
  }

  /// Moves a file within the share because its name was changed in the party; version and reason
  /// stay.
  public Optional<LocalFile> move(Name from, Name to, Version version) {
    throw new UnsupportedOperationException();
  }

  /// Hashes the files of a content again because somebody found it wrong; what the disk damaged is
  /// set aside and told as {@link ShareEvent.Rotten}.
  ///
  /// @return whether all of them are right
  public boolean verify(ContentId content) {
    throw new UnsupportedOperationException();
  }

  @Override
  public void close() {
    throw new UnsupportedOperationException();
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

    record Failed(Name name, dev.potluck.content.PotluckException why) implements Outcome {}
  }
}
