package dev.potluck.doors;

import dev.potluck.content.Name;
import dev.potluck.content.Version;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/// What the kernel knows by a number: a folder, or one version of a name. A name's next version is
/// another node, so that who has the old one open keeps reading it, and nothing the kernel has
/// cached of a node ever becomes stale.
sealed interface MountNode {
  /// Without `/` at either end; empty for the root.
  String path();

  /// The number programs see: of the name, so that it is the same on every machine and after every
  /// start.
  default long ino() {
    try {
      byte[] path = path().getBytes(StandardCharsets.UTF_8);
      byte[] hash = MessageDigest.getInstance("SHA-256").digest(path);
      // 0 means none, and 1 is the root's.
      return Math.max(2, ByteBuffer.wrap(hash).getLong() & Long.MAX_VALUE);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
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
  }

  record File(Name name, Version version) implements MountNode {
    @Override
    public String path() {
      return name.value();
    }
  }
}
