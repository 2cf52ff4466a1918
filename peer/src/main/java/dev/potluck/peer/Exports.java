package dev.potluck.peer;

import dev.potluck.content.Kind;
import dev.potluck.content.PotluckException;
import dev.potluck.content.Version;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.UUID;

/// Puts contents outside the share, in the place of what lies there at once or not at all. What the
/// party calls a symlink becomes one, and none is followed: else a name `a` that leads elsewhere,
/// and another `a/b`, would write there.
final class Exports {
  private static final int COPY_BYTES = 1 << 20;

  private final ShareTree share;
  private final Temporaries temporaries;

  Exports(ShareTree share, Temporaries temporaries) {
    this.share = share;
    this.temporaries = temporaries;
  }

  /// Where something is put.
  ///
  /// @param folder as the user named it: symlinks on the way to it are followed
  /// @param path beneath it, where none is
  record Place(Path folder, String path) {
    Path target() {
      return folder.resolve(path);
    }
  }

  /// Moves a content to its place, or copies it where that is on another disk.
  ///
  /// @throws PotluckException if it can't be put there; the content stays
  void put(ReadyContent content, Place place, Version version) {
    try {
      Files.createDirectories(place.folder);
      try (ShareTree target = ShareTree.open(place.folder)) {
        target.makeParents(place.path);
        if (version.kind() == Kind.SYMLINK) {
          link(content, target, place.path, version);
        } else {
          move(content, target, place.path, version);
        }
      }
      temporaries.discard(content);
    } catch (IOException e) {
      throw Failures.of("can't write " + place.target(), e);
    }
  }

  private void link(ReadyContent content, ShareTree target, String path, Version version)
      throws IOException {
    String temporary = beside(path);
    byte[] to = temporaries.target(content);
    try {
      var _ = target.makeLink(to, temporary, FileStat.nanos(version.mtime()));
      target.moveOver(temporary, path);
    } finally {
      target.unlinkIfPresent(temporary);
    }
  }

  private void move(ReadyContent content, ShareTree target, String path, Version version)
      throws IOException {
    try (FileHandle file = share.openForWriting(content.path())) {
      var _ = file.dressed(version.mode(), FileStat.nanos(version.mtime()));
      try {
        share.moveInto(content.path(), target, path);
      } catch (Errno.OtherFileSystemException e) {
        copy(file, content.content().size(), target, path, version);
      }
    }
  }

  private static void copy(
      FileHandle file, long size, ShareTree target, String path, Version version)
      throws IOException {
    String temporary = beside(path);
    try {
      try (FileHandle copy = target.create(temporary)) {
        copy(file, copy, size);
        var _ = copy.dressed(version.mode(), FileStat.nanos(version.mtime()));
      }
      target.moveOver(temporary, path);
    } finally {
      target.unlinkIfPresent(temporary);
    }
  }

  private static void copy(FileHandle from, FileHandle to, long size) throws IOException {
    ByteBuffer buffer = ByteBuffer.allocateDirect(COPY_BYTES);
    for (long at = 0; at < size; at += buffer.limit()) {
      if (from.read(at, buffer.clear()) < 0) {
        throw new EOFException(from.path());
      }
      to.write(at, buffer.flip());
    }
  }

  private static String beside(String path) {
    return path.substring(0, path.lastIndexOf('/') + 1)
        + (".potluck-" + UUID.randomUUID() + ".part");
  }
}
