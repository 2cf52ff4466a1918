package dev.potluck.content;

import java.security.DigestException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/// SHA-256 Merkle trees as BEP 52 has them: binary, balanced, missing leaf hashes are zero (not the
/// hash of zeros), nodes hash the concatenation of their children. Reduces in place, one digest per
/// instance, so it belongs to one thread.
final class MerkleTree {
  /// Heights above this would be contents beyond {@link ContentId#MAX_SIZE}.
  private static final int MAX_HEIGHT = 64;

  private static final byte[][] PADDING = padding();

  private final MessageDigest sha256 = sha256();

  static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }

  /// Reduces `count` hashes of subtrees of height `height` to the root of the tree whose height is
  /// `top`, padding on the right. Destroys the array's content.
  ///
  /// @param hashes 32 bytes each, count of them, with room for one more when count is odd
  Root reduce(byte[] hashes, int count, int height, int top) {
    int nodes = count;
    for (int level = height; level < top; level++) {
      if (nodes % 2 == 1) {
        System.arraycopy(PADDING[level], 0, hashes, nodes * Root.BYTES, Root.BYTES);
        nodes++;
      }
      for (int i = 0; i < nodes / 2; i++) {
        sha256.update(hashes, 2 * i * Root.BYTES, 2 * Root.BYTES);
        finish(sha256, hashes, i * Root.BYTES);
      }
      nodes /= 2;
    }
    return Root.at(hashes, 0);
  }

  static void finish(MessageDigest digest, byte[] target, int offset) {
    try {
      digest.digest(target, offset, Root.BYTES);
    } catch (DigestException e) {
      throw new IllegalStateException("no room for a hash", e);
    }
  }

  private static byte[][] padding() {
    MessageDigest sha256 = sha256();
    byte[][] padding = new byte[MAX_HEIGHT][Root.BYTES];
    for (int height = 1; height < MAX_HEIGHT; height++) {
      sha256.update(padding[height - 1]);
      sha256.update(padding[height - 1]);
      padding[height] = sha256.digest();
    }
    return padding;
  }
}
