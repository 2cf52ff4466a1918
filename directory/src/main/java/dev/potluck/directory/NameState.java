package dev.potluck.directory;

import dev.potluck.content.ContentId;
import dev.potluck.content.Kind;
import dev.potluck.content.Name;
import dev.potluck.content.Root;
import dev.potluck.content.Version;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// What the directory keeps of one name, flattened: 96 bytes, since there are millions.
final class NameState {
  private static final Kind[] KINDS = {Kind.FILE, Kind.FOLDER, Kind.SYMLINK};

  final Name name;

  private long rootA;
  private long rootB;
  private long rootC;
  private long rootD;
  private long size;
  private long number;
  private long mtimeSeconds;
  private int mtimeNanos;
  private short mode;
  private byte kind;
  private boolean deleted;
  private long revision;
  private Policy policy = Policy.NONE;

  /// Who said to hold it: soft, the tracker's alone, no part of the hard state (see {@link
  /// Copies}).
  long @Nullable [] copies;

  NameState(Name name, Version version, boolean deleted, long revision) {
    this.name = name;
    become(version, deleted, revision);
  }

  void become(Version version, boolean nowDeleted, long atRevision) {
    Root root = version.content().root();
    rootA = root.a();
    rootB = root.b();
    rootC = root.c();
    rootD = root.d();
    size = version.content().size();
    number = version.number();
    Instant mtime = version.mtime();
    mtimeSeconds = mtime.getEpochSecond();
    mtimeNanos = mtime.getNano();
    mode = (short) version.mode();
    kind = code(version.kind());
    deleted = nowDeleted;
    revision = atRevision;
  }

  boolean isLive() {
    return !deleted;
  }

  /// Whether nothing can lie below it.
  boolean isLeaf() {
    return kind() != Kind.FOLDER;
  }

  long number() {
    return number;
  }

  long size() {
    return size;
  }

  long revision() {
    return revision;
  }

  Kind kind() {
    return kind(kind);
  }

  static Kind kind(int code) {
    return KINDS[code];
  }

  Policy policy() {
    return policy;
  }

  void policy(Policy owed) {
    policy = owed;
  }

  /// Of a tombstone, when it was made.
  Instant mtime() {
    return Instant.ofEpochSecond(mtimeSeconds, mtimeNanos);
  }

  boolean sameContent(Version other) {
    Root root = other.content().root();
    return size == other.content().size()
        && rootA == root.a()
        && rootB == root.b()
        && rootC == root.c()
        && rootD == root.d()
        && kind == code(other.kind());
  }

  boolean sameAttributes(Version other) {
    Instant mtime = other.mtime();
    return mode == other.mode()
        && mtimeSeconds == mtime.getEpochSecond()
        && mtimeNanos == mtime.getNano();
  }

  Version version() {
    return new Version(
        number, kind(), new ContentId(new Root(rootA, rootB, rootC, rootD), size), mtime(), mode);
  }

  Entry entry() {
    return new Entry(name, version(), deleted, revision);
  }

  static byte code(Kind kind) {
    return switch (kind) {
      case FILE -> 0;
      case FOLDER -> 1;
      case SYMLINK -> 2;
    };
  }
}
