package dev.potluck.content;

import java.nio.ByteBuffer;
import java.security.MessageDigest;

/// Hashes one piece after the other as its bytes arrive, in order. Reused over the pieces of a
/// content; belongs to one thread.
public final class PieceHasher {
  private final Pieces pieces;
  private final MerkleTree tree = new MerkleTree();
  private final MessageDigest sha256 = MerkleTree.sha256();
  private final byte[] leaf = new byte[Pieces.LEAF_BYTES];
  private final byte[] leafHashes;
  private int leafFilled;
  private int leaves;
  private long remaining;

  public PieceHasher(Pieces pieces) {
    this.pieces = pieces;
    // One more than fits: the reduction may pad an odd level.
    this.leafHashes = new byte[(pieces.leavesPerPiece() + 1) * Root.BYTES];
  }

  /// Starts a piece, forgetting an unfinished one.
  public void begin(int piece) {
    remaining = pieces.length(piece);
    leafFilled = 0;
    leaves = 0;
  }

  /// Takes the piece's next bytes, all that the buffer has.
  ///
  /// @throws IllegalArgumentException if that is more than the piece has
  public void update(ByteBuffer bytes) {
    if (bytes.remaining() > remaining) {
      throw new IllegalArgumentException("more bytes than the piece has");
    }
    remaining -= bytes.remaining();
    while (bytes.hasRemaining()) {
      int taken = Math.min(bytes.remaining(), leaf.length - leafFilled);
      bytes.get(leaf, leafFilled, taken);
      leafFilled += taken;
      if (leafFilled == leaf.length) {
        closeLeaf();
      }
    }
  }

  /// The hash of the piece's subtree: its entry in the piece layer, or the root itself when the
  /// content has only this piece.
  ///
  /// @throws IllegalStateException if bytes are missing
  public Root finish() {
    if (remaining != 0) {
      throw new IllegalStateException(remaining + " bytes of the piece are missing");
    }
    if (leafFilled > 0) {
      closeLeaf();
    }
    return tree.reduce(leafHashes, leaves, 0, pieces.pieceHeight());
  }

  private void closeLeaf() {
    sha256.update(leaf, 0, leafFilled);
    MerkleTree.finish(sha256, leafHashes, leaves * Root.BYTES);
    leaves++;
    leafFilled = 0;
  }
}
