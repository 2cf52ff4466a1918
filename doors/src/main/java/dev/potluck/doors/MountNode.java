package dev.potluck.doors;

import dev.potluck.content.Kind;
import dev.potluck.content.Name;
import dev.potluck.content.Version;
import dev.potluck.peer.Draft;
import org.jspecify.annotations.Nullable;

/// What the kernel knows by a number: a folder, one version of a name, or a draft of it. A name's
/// next version is another node, so that who has the old one open keeps reading it, and nothing the
/// kernel has cached of a node ever becomes stale. What the kernel has cached of a draft it has
/// written itself.
///
/// Nodes are keys of maps, once for every look-up: their hash codes are those of their paths, which
/// strings keep.
sealed interface MountNode {
  /// Without `/` at either end; empty for the root.
  String path();

  /// The number programs see: of the path, so that it is the same on every machine and after every
  /// start. FNV-1a, and the last steps of MurmurHash3, for a path's last characters to matter in
  /// all bits. Two paths with the same number are harmless: every file has one link.
  default long ino() {
    String path = path();
    long hash = 0xcbf29ce484222325L;
    for (int i = 0; i < path.length(); i++) {
      hash = (hash ^ path.charAt(i)) * 0x100000001b3L;
    }
    hash = (hash ^ (hash >>> 33)) * 0xff51afd7ed558ccdL;
    hash = (hash ^ (hash >>> 33)) * 0xc4ceb9fe1a85ec53L;
    // 0 means none, and 1 is the root's.
    return Math.max(2, (hash ^ (hash >>> 33)) & Long.MAX_VALUE);
  }

  /// @param path empty for the root
  record Folder(String path) implements MountNode {
    /// The path of something in it.
    String child(String component) {
      return path.isEmpty() ? component : path + "/" + component;
    }

    @Override
    public long ino() {
      return path.isEmpty() ? 1 : MountNode.super.ino();
    }

    @Override
    public int hashCode() {
      return path.hashCode();
    }

    @Override
    public boolean equals(@Nullable Object other) {
      return other instanceof Folder(var its) && path.equals(its);
    }
  }

  /// A file or a symlink.
  record File(Name name, Version version) implements MountNode {
    boolean isLink() {
      return version.kind() == Kind.SYMLINK;
    }

    @Override
    public String path() {
      return name.value();
    }

    @Override
    public int hashCode() {
      return name.value().hashCode();
    }

    @Override
    public boolean equals(@Nullable Object other) {
      return other instanceof File(var its, var itsVersion)
          && name.value().equals(its.value())
          && version.equals(itsVersion);
    }
  }

  /// What is being written here: for all who have the name open to write, and who opens it
  /// meanwhile.
  record Written(Draft draft) implements MountNode {
    @Override
    public String path() {
      return draft.name().value();
    }
  }
}
