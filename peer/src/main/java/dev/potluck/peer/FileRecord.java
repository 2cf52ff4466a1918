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
/// @param identity of the file that lies there, when it was hashed
/// @param kind a file or a symlink
/// @param base version it is or was made from, 0 for none
/// @param baseContent that version's content; null if unknown, none, or of another kind
/// @param racy hashed so soon after its last change that another one could have the same identity
/// @param overlay what was written over the file, which then is what the content was made from;
///   null if the file is the content
/// @param attributesEdited whether its permissions and times are an edit of their own: the
///   directory has yet to judge them, whatever it says of the content
record FileRecord(
    String path,
    Name name,
    FileIdentity identity,
    Kind kind,
    ContentId content,
    long base,
    @Nullable ContentId baseContent,
    Reason reason,
    int mode,
    boolean racy,
    @Nullable Overlay overlay,
    boolean attributesEdited) {
  /// Coarsest time stamp of a file system that is reckoned with.
  static final long RACY_NS = Duration.ofSeconds(2).toNanos();

  /// A file whose attributes are no edit of their own.
  FileRecord(
      String path,
      Name name,
      FileIdentity identity,
      Kind kind,
      ContentId content,
      long base,
      @Nullable ContentId baseContent,
      Reason reason,
      int mode,
      boolean racy,
      @Nullable Overlay overlay) {
    this(
        path, name, identity, kind, content, base, baseContent, reason, mode, racy, overlay, false);
  }

  /// Whether it is what a deletion, or a rename, took away: nothing made since, and no edit, which
  /// the directory has yet to judge.
  ///
  /// @param tombstone the version of the name that the deletion is
  boolean goesWith(long tombstone) {
    return !edited() && base < tombstone;
  }

  /// Whether the directory has yet to judge it.
  boolean edited() {
    return contentEdited() || attributesEdited;
  }

  boolean contentEdited() {
    return !content.equals(baseContent);
  }

  LocalFile local() {
    return new LocalFile(
        name,
        path,
        kind,
        content,
        base,
        edited(),
        reason,
        FileStat.instant(overlay == null ? identity.mtimeNs() : overlay.mtimeNs()),
        mode);
  }

  /// The content of the file that lies there.
  ContentId fileContent() {
    return overlay == null ? content : overlay.base();
  }

  /// The file that lies there, without what was written over it.
  FileRecord beneath() {
    return new FileRecord(
        path, name, identity, kind, fileContent(), 0, null, reason, mode, racy, null);
  }

  /// The file with something written over it, as an edit of a version.
  FileRecord overlaid(Overlay written, ContentId edit, long number, int newMode) {
    return new FileRecord(
        path, name, identity, kind, edit, number, null, Reason.KEPT, newMode, racy, written);
  }

  /// The same version in another file.
  ///
  /// @param written what is to be over that file still; null if it is all of the version
  FileRecord in(FileIdentity file, boolean nowRacy, @Nullable Overlay written) {
    return new FileRecord(
        path,
        name,
        file,
        kind,
        content,
        base,
        baseContent,
        reason,
        mode,
        nowRacy,
        written,
        attributesEdited);
  }

  /// With other attributes of the version that is written over the file.
  FileRecord dressed(Overlay written, int newMode) {
    return new FileRecord(
        path,
        name,
        identity,
        kind,
        content,
        base,
        baseContent,
        reason,
        newMode,
        racy,
        written,
        attributesEdited);
  }

  /// Whether it holds a version, whatever its number and times.
  boolean holds(Version version) {
    return kind == version.kind() && content.equals(version.content());
  }

  FileRecord withIdentity(FileIdentity value, int newMode, boolean nowRacy) {
    return new FileRecord(
        path,
        name,
        value,
        kind,
        content,
        base,
        baseContent,
        reason,
        newMode,
        nowRacy,
        overlay,
        attributesEdited);
  }

  /// The file as one that holds a version, or was made of it.
  FileRecord withBase(Version version) {
    return withBase(version.number(), version.kind() == kind ? version.content() : null);
  }

  /// The file as one of no version.
  FileRecord withoutBase() {
    return withBase(0, null);
  }

  private FileRecord withBase(long number, @Nullable ContentId ofBase) {
    return new FileRecord(
        path, name, identity, kind, content, number, ofBase, reason, mode, racy, overlay);
  }

  /// The file as one that a version is known of; as it is if that is an older one.
  FileRecord following(Version version) {
    return base > version.number()
        ? this
        : withBase(version).withAttributesEdited(attributesEdited);
  }

  /// The file after the directory's answer to an edit. What was said of its attributes is judged if
  /// the version has them, or is the one they were to be given to; else that answer told of another
  /// version for the first time, to which they are yet to be given.
  ///
  /// @param version what the directory has now
  FileRecord answered(Fact.Edited said, Version version) {
    boolean judged = sameAttributes(version) || version.number() == said.base();
    return judged && sameAttributes(said.version()) ? withAttributesEdited(false) : this;
  }

  private boolean sameAttributes(Version version) {
    LocalFile file = local();
    return file.mode() == version.mode() && file.mtime().equals(version.mtime());
  }

  FileRecord withAttributesEdited(boolean value) {
    return new FileRecord(
        path, name, identity, kind, content, base, baseContent, reason, mode, racy, overlay, value);
  }

  /// The file as an edit that its user made of a version.
  FileRecord asEditOf(long number) {
    return new FileRecord(
        path, name, identity, kind, content, number, null, Reason.KEPT, mode, racy, overlay);
  }

  /// The same version with the identity and the attributes of another record of its file.
  FileRecord withAttributesOf(FileRecord other) {
    return new FileRecord(
        path,
        name,
        other.identity,
        kind,
        content,
        base,
        baseContent,
        reason,
        other.mode,
        other.racy,
        other.overlay,
        attributesEdited);
  }

  FileRecord withReason(Reason value) {
    return new FileRecord(
        path,
        name,
        identity,
        kind,
        content,
        base,
        baseContent,
        value,
        mode,
        racy,
        overlay,
        attributesEdited);
  }

  /// The file as an edit, be it that it was a symlink and is none, or the other way.
  FileRecord withContent(Kind newKind, ContentId value) {
    ContentId same = newKind == kind ? baseContent : null;
    return new FileRecord(
        path, name, identity, newKind, value, base, same, Reason.KEPT, mode, racy, null);
  }

  FileRecord at(String newPath, Name newName) {
    return new FileRecord(
        newPath,
        newName,
        identity,
        kind,
        content,
        base,
        baseContent,
        reason,
        mode,
        racy,
        overlay,
        attributesEdited);
  }
}
