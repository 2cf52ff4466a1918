package dev.potluck.content;

/// How a content of a size is cut: leaves of 16 KiB are hashed, pieces (a power of two of leaves)
/// are asked for and verified. About a thousand pieces a file, each 256 KiB to 2 MiB: few enough to
/// keep track of, small enough that an interrupted download loses little, and that who reads the
/// first bytes of a large file does not wait for many more.
public record Pieces(long size) {
  public static final int LEAF_BYTES = 16 << 10;
  public static final int MIN_LENGTH = 256 << 10;
  public static final int MAX_LENGTH = 2 << 20;

  /// The largest size whose pieces an int can count.
  public static final long COUNTABLE_SIZE = (long) Integer.MAX_VALUE * MAX_LENGTH;

  private static final int AIM = 1_024;

  public Pieces {
    if (size < 0 || size > ContentId.MAX_SIZE) {
      throw new IllegalArgumentException("size out of range: " + size);
    }
  }

  /// Bytes in every piece but the last, a power of two.
  public int pieceLength() {
    long aim = Math.ceilDiv(size, AIM);
    if (aim <= MIN_LENGTH) {
      return MIN_LENGTH;
    }
    return (int) Math.min(MAX_LENGTH, Long.highestOneBit(aim - 1) << 1);
  }

  /// Number of pieces; none for an empty content.
  ///
  /// @throws ArithmeticException if there are more than an int can count ({@link #COUNTABLE_SIZE})
  public int count() {
    return Math.toIntExact(Math.ceilDiv(size, pieceLength()));
  }

  /// Position of a piece's first byte.
  public long offset(int piece) {
    check(piece);
    return (long) piece * pieceLength();
  }

  /// Bytes in a piece; the last one may be shorter.
  public int length(int piece) {
    return (int) Math.min(pieceLength(), size - offset(piece));
  }

  /// The piece in which a byte lies.
  public int pieceAt(long position) {
    if (position < 0 || position >= size) {
      throw new IndexOutOfBoundsException("byte " + position + " of " + size);
    }
    return (int) (position / pieceLength());
  }

  private void check(int piece) {
    if (piece < 0 || piece >= count()) {
      throw new IndexOutOfBoundsException("piece " + piece + " of " + count());
    }
  }

  /// Height of the subtree over one piece: of the whole tree if there is only one piece.
  int pieceHeight() {
    long leaves = count() <= 1 ? Math.max(1, Math.ceilDiv(size, LEAF_BYTES)) : leavesPerPiece();
    return Long.SIZE - Long.numberOfLeadingZeros(leaves - 1);
  }

  int leavesPerPiece() {
    return pieceLength() / LEAF_BYTES;
  }
}
