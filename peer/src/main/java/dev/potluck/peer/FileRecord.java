package dev.potluck.peer;

import dev.potluck.content.ContentId;
import dev.potluck.content.Name;
import dev.potluck.directory.Reason;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// What the database knows of one file of the share.
///
/// @param identity of the file when it was hashed
/// @param base version it is or was made from, 0 for none
/// @param baseContent that version's content; null if unknown or none
/// @param racy hashed so soon after its last change that another one could have the same identity
record FileRecord(
    String path,
    Name name,
    FileIdentity identity,
    ContentId content,
    long base,
    @Nullable ContentId baseContent,
    Reason reason,
    int mode,
    boolean racy) {
  /// Coarsest time stamp of a file system that is reckoned with.
  static final long RACY_NS = Duration.ofSeconds(2).toNanos();

  boolean edited() {
    return !content.equals(baseContent);
  }

  LocalFile local() {
    return new LocalFile(
        name, path, content, base, edited(), reason, FileStat.instant(identity.mtimeNs()), mode);
  }

  FileRecord withIdentity(FileIdentity value, int newMode, boolean nowRacy) {
    return new FileRecord(path, name, value, content, base, baseContent, reason, newMode, nowRacy);
  }

  FileRecord withBase(long number, @Nullable ContentId ofBase) {
    return new FileRecord(path, name, identity, content, number, ofBase, reason, mode, racy);
  }

  /// The file as an edit that its user made of a version.
  FileRecord asEditOf(long number) {
    return new FileRecord(path, name, identity, content, number, null, Reason.KEPT, mode, racy);
  }

  FileRecord withReason(Reason value) {
    return new FileRecord(path, name, identity, content, base, baseContent, value, mode, racy);
  }

  FileRecord withContent(ContentId value) {
    return new FileRecord(path, name, identity, value, base, baseContent, Reason.KEPT, mode, racy);
  }

  FileRecord at(String newPath, Name newName) {
    return new FileRecord(
        newPath, newName, identity, content, base, baseContent, reason, mode, racy);
  }
}
