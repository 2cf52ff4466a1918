package dev.potluck.content;

import java.nio.ByteBuffer;
import java.security.MessageDigest;

/// Tells of small contents, one after the other, whether they are what they are said to be. Keeps
/// its buffers, which cost more than the hashes of thousands of small contents; belongs to one
/// thread.
public final class SmallContents {
  /// Contents up to this size are small.
  public static final int BYTES_MAX = 64 << 10;

  private static final int LEAVES_MAX = BYTES_MAX / Pieces.LEAF_BYTES;

  private final MerkleTree tree = new MerkleTree();
  private final MessageDigest sha256 = MerkleTree.sha256();
  private final byte[] copy = new byte[BYTES_MAX];
  private final byte[] leafHashes = new byte[LEAVES_MAX * Root.BYTES];

  /// Whether the bytes are the content. Leaves the buffer as it is.
  ///
  /// @throws IllegalArgumentException if the content is not small
  public boolean isRight(ContentId content, ByteBuffer bytes) {
    if (content.size() > BYTES_MAX) {
      throw new IllegalArgumentException("not a small content: " + content.size() + " bytes");
    }
    int size = bytes.remaining();
    return size == content.size() && (size == 0 || root(bytes, size).equals(content.root()));
  }

  private Root root(ByteBuffer bytes, int size) {
    bytes.get(bytes.position(), copy, 0, size);
    int leaves = 0;
    for (int at = 0; at < size; at += Pieces.LEAF_BYTES) {
      sha256.update(copy, at, Math.min(Pieces.LEAF_BYTES, size - at));
      MerkleTree.finish(sha256, leafHashes, leaves * Root.BYTES);
      leaves++;
    }
    return tree.reduce(leafHashes, leaves, 0, new Pieces(size).pieceHeight());
  }
}
