package dev.potluck.content;

import java.nio.ByteBuffer;
import java.util.Arrays;

/// Hashes a content while it is written from its first byte to its last, before anybody knows how
/// long it becomes: what is left to do at its end is little. Belongs to one thread at a time.
///
/// How large the pieces are follows from the size, so blocks of the smallest piece are hashed, and
/// put together at the end. Takes 32 bytes of memory for each 256 KiB, and one block.
public final class GrowingHasher {
  private static final int BLOCK_BYTES = Pieces.MIN_LENGTH;
  private static final int BLOCK_HEIGHT = new Pieces(BLOCK_BYTES).pieceHeight();
  private static final int FIRST_BYTES = 4 << 10;

  private final PieceHasher blocks = new PieceHasher(new Pieces(BLOCK_BYTES));
  private byte[] hashes = new byte[8 * Root.BYTES];
  private int count;
  private byte[] tail = new byte[FIRST_BYTES];
  private int tailBytes;

  /// Bytes taken so far.
  public long size() {
    return (long) count * BLOCK_BYTES + tailBytes;
  }

  /// Takes the next bytes, all that the buffer has.
  public void update(ByteBuffer bytes) {
    while (bytes.hasRemaining()) {
      int taken = Math.min(bytes.remaining(), BLOCK_BYTES - tailBytes);
      if (tailBytes + taken > tail.length) {
        tail = Arrays.copyOf(tail, Math.clamp(2L * (tailBytes + taken), FIRST_BYTES, BLOCK_BYTES));
      }
      bytes.get(tail, tailBytes, taken);
      tailBytes += taken;
      if (tailBytes == BLOCK_BYTES) {
        closeBlock();
      }
    }
  }

  private void closeBlock() {
    blocks.begin(0);
    blocks.update(ByteBuffer.wrap(tail, 0, BLOCK_BYTES));
    if ((count + 1) * Root.BYTES > hashes.length) {
      hashes = Arrays.copyOf(hashes, 2 * hashes.length);
    }
    blocks.finish().copyTo(hashes, count * Root.BYTES);
    count++;
    tailBytes = 0;
  }

  /// The content id and piece layer of what was taken so far; more may follow.
  public PieceLayer layer() {
    Pieces pieces = new Pieces(size());
    if (pieces.count() <= 1) {
      return PieceLayer.of(pieces, onlyHash(pieces));
    }
    int blocksInPiece = pieces.pieceLength() / BLOCK_BYTES;
    byte[] all = Arrays.copyOf(hashes, (count + 1) * Root.BYTES);
    int blockCount = count;
    if (tailBytes > 0) {
      tailHash().copyTo(all, count * Root.BYTES);
      blockCount++;
    }
    MerkleTree tree = new MerkleTree();
    byte[] result = new byte[pieces.count() * Root.BYTES];
    byte[] scratch = new byte[(blocksInPiece + 1) * Root.BYTES];
    for (int piece = 0; piece < pieces.count(); piece++) {
      int first = piece * blocksInPiece;
      int some = Math.min(blocksInPiece, blockCount - first);
      System.arraycopy(all, first * Root.BYTES, scratch, 0, some * Root.BYTES);
      tree.reduce(scratch, some, BLOCK_HEIGHT, pieces.pieceHeight())
          .copyTo(result, piece * Root.BYTES);
    }
    return PieceLayer.of(pieces, result);
  }

  private byte[] onlyHash(Pieces pieces) {
    if (pieces.count() == 0) {
      return new byte[0];
    }
    if (count == 1) {
      return Arrays.copyOf(hashes, Root.BYTES);
    }
    PieceHasher hasher = new PieceHasher(pieces);
    hasher.begin(0);
    hasher.update(ByteBuffer.wrap(tail, 0, tailBytes));
    return hasher.finish().bytes();
  }

  /// Of the last block as it is in a content of several pieces: padded to the height of the others.
  private Root tailHash() {
    PieceHasher hasher = new PieceHasher(new Pieces((long) BLOCK_BYTES + tailBytes));
    hasher.begin(1);
    hasher.update(ByteBuffer.wrap(tail, 0, tailBytes));
    return hasher.finish();
  }
}
