package dev.potluck.content;

import java.security.MessageDigest;
import java.util.Arrays;

/// The tree of BEP 52 written as its definition reads, slow and obvious.
final class NaiveMerkle {
  private NaiveMerkle() {}

  static Root root(byte[] bytes) {
    if (bytes.length == 0) {
      return Root.ZERO;
    }
    int leaves = Math.ceilDiv(bytes.length, Pieces.LEAF_BYTES);
    int width = leaves == 1 ? 1 : Integer.highestOneBit(leaves - 1) << 1;
    return Root.of(node(bytes, 0, width));
  }

  private static byte[] node(byte[] bytes, int firstLeaf, int width) {
    MessageDigest sha256 = MerkleTree.sha256();
    if (width == 1) {
      int start = firstLeaf * Pieces.LEAF_BYTES;
      if (start >= bytes.length) {
        return new byte[Root.BYTES];
      }
      int end = Math.min(bytes.length, start + Pieces.LEAF_BYTES);
      return sha256.digest(Arrays.copyOfRange(bytes, start, end));
    }
    sha256.update(node(bytes, firstLeaf, width / 2));
    return sha256.digest(node(bytes, firstLeaf + width / 2, width / 2));
  }
}
