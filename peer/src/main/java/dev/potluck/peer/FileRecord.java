package dev.potluck.peer;

import dev.potluck.content.ContentId;
import dev.potluck.content.Kind;
import dev.potluck.content.Name;
import dev.potluck.content.Version;
import dev.potluck.directory.Fact;
import dev.potluck.directory.Reason;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// What the database knows of one file of the share.
///
/// @param onDisk what lies there
/// @param standing what it is in the party
record FileRecord(String path, Name name, OnDisk onDisk, Standing standing) {
  /// Coarsest time stamp of a file system that is reckoned with.
  static final long RACY_NS = Duration.ofSeconds(2).toNanos();

  /// @param identity of the file, when it was hashed
  /// @param mode the permissions of its content, which are the file's unless that is overlaid
  /// @param racy hashed so soon after its last change that another one could have the same identity
  /// @param overlay what was written over the file, which then is what the content was made from;
  ///   null if the file is the content
  record OnDisk(FileIdentity identity, int mode, boolean racy, @Nullable Overlay overlay) {}

  /// @param kind a file or a symlink
  /// @param base version it is or was made from, 0 for none
  /// @param baseContent that version's content; null if unknown, none, or of another kind
  /// @param attributesEdited whether its permissions and times are an edit of their own: the
  ///   directory has yet to judge them, whatever it says of the content
  record Standing(
      Kind kind,
      ContentId content,
      long base,
      @Nullable ContentId baseContent,
      Reason reason,
      boolean attributesEdited) {
    /// A content that is no version that is known of.
    static Standing unknown(Kind kind, ContentId content, Reason reason) {
      return new Standing(kind, content, 0, null, reason, false);
    }

    /// An edit that somebody here made.
    ///
    /// @param base the version it was made of
    static Standing edit(Kind kind, ContentId content, long base) {
      return new Standing(kind, content, base, null, Reason.KEPT, false);
    }
  }

  FileIdentity identity() {
    return onDisk.identity;
  }

  int mode() {
    return onDisk.mode;
  }

  boolean racy() {
    return onDisk.racy;
  }

  @Nullable Overlay overlay() {
    return onDisk.overlay;
  }

  Kind kind() {
    return standing.kind;
  }

  ContentId content() {
    return standing.content;
  }

  long base() {
    return standing.base;
  }

  @Nullable ContentId baseContent() {
    return standing.baseContent;
  }

  Reason reason() {
    return standing.reason;
  }

  boolean attributesEdited() {
    return standing.attributesEdited;
  }

  /// Whether it is what a deletion, or a rename, took away: nothing made since, and no edit, which
  /// the directory has yet to judge.
  ///
  /// @param tombstone the version of the name that the deletion is
  boolean goesWith(long tombstone) {
    return !edited() && base() < tombstone;
  }

  /// Whether the directory has yet to judge it.
  boolean edited() {
    return contentEdited() || attributesEdited();
  }

  boolean contentEdited() {
    return !content().equals(baseContent());
  }

  LocalFile local() {
    Overlay overlay = overlay();
    return new LocalFile(
        name,
        path,
        kind(),
        content(),
        base(),
        edited(),
        reason(),
        FileStat.instant(overlay == null ? identity().mtimeNs() : overlay.mtimeNs()),
        mode());
  }

  /// The content of the file that lies there.
  ContentId fileContent() {
    Overlay overlay = overlay();
    return overlay == null ? content() : overlay.base();
  }

  /// Whether it holds a version, whatever its number and times.
  boolean holds(Version version) {
    return kind() == version.kind() && content().equals(version.content());
  }

  private FileRecord with(OnDisk other) {
    return new FileRecord(path, name, other, standing);
  }

  private FileRecord with(Standing other) {
    return new FileRecord(path, name, onDisk, other);
  }

  FileRecord at(String newPath, Name newName) {
    return new FileRecord(newPath, newName, onDisk, standing);
  }

  /// The file that lies there, without what was written over it.
  FileRecord beneath() {
    return new FileRecord(
        path,
        name,
        new OnDisk(identity(), mode(), racy(), null),
        Standing.unknown(kind(), fileContent(), reason()));
  }

  /// The file with something written over it, as an edit of a version.
  FileRecord overlaid(Overlay written, ContentId edit, long number, int newMode) {
    return new FileRecord(
        path,
        name,
        new OnDisk(identity(), newMode, racy(), written),
        Standing.edit(kind(), edit, number));
  }

  /// The same version in another file.
  ///
  /// @param written what is to be over that file still; null if it is all of the version
  FileRecord in(FileIdentity file, boolean nowRacy, @Nullable Overlay written) {
    return with(new OnDisk(file, mode(), nowRacy, written));
  }

  /// With other attributes of the version that is written over the file.
  FileRecord dressed(Overlay written, int newMode) {
    return with(new OnDisk(identity(), newMode, racy(), written));
  }

  FileRecord withIdentity(FileIdentity value, int newMode, boolean nowRacy) {
    return with(new OnDisk(value, newMode, nowRacy, overlay()));
  }

  /// The same version with the identity and the attributes of another record of its file.
  FileRecord withAttributesOf(FileRecord other) {
    return with(other.onDisk);
  }

  /// The file as a scan has found it: attributes that somebody has changed since are not those that
  /// the directory was to judge.
  FileRecord found(FileIdentity value, int newMode, boolean nowRacy) {
    boolean same = mode() == newMode && identity().mtimeNs() == value.mtimeNs();
    return withIdentity(value, newMode, nowRacy).withAttributesEdited(attributesEdited() && same);
  }

  /// The file as one that holds a version, or was made of it.
  FileRecord withBase(Version version) {
    return withBase(version.number(), baseContentOf(version), false);
  }

  /// The file as one of no version.
  FileRecord withoutBase() {
    return withBase(0, null, false);
  }

  /// The file as one that a version is known of; as it is if that is an older one.
  FileRecord following(Version version) {
    return base() > version.number()
        ? this
        : withBase(version.number(), baseContentOf(version), attributesEdited());
  }

  private @Nullable ContentId baseContentOf(Version version) {
    return version.kind() == kind() ? version.content() : null;
  }

  private FileRecord withBase(long number, @Nullable ContentId ofBase, boolean dressed) {
    return with(new Standing(kind(), content(), number, ofBase, reason(), dressed));
  }

  /// The file after the directory's answer to an edit. What was said of its attributes is judged if
  /// the version has them, or is the one they were to be given to; else that answer told of another
  /// version for the first time, to which they are yet to be given.
  ///
  /// @param version what the directory has now
  FileRecord answered(Fact.Edited said, Version version) {
    Version here = local().version();
    boolean judged = here.sameAttributes(version) || version.number() == said.base();
    return judged && here.sameAttributes(said.version()) ? withAttributesEdited(false) : this;
  }

  FileRecord withAttributesEdited(boolean value) {
    return withBase(base(), baseContent(), value);
  }

  /// The file as an edit that its user made of a version.
  FileRecord asEditOf(long number) {
    return with(Standing.edit(kind(), content(), number));
  }

  FileRecord withReason(Reason value) {
    return with(new Standing(kind(), content(), base(), baseContent(), value, attributesEdited()));
  }

  /// The file as an edit, be it that it was a symlink and is none, or the other way.
  FileRecord withContent(Kind newKind, ContentId value) {
    ContentId same = newKind == kind() ? baseContent() : null;
    return new FileRecord(
        path,
        name,
        new OnDisk(identity(), mode(), racy(), null),
        new Standing(newKind, value, base(), same, Reason.KEPT, false));
  }
}
