package dev.potluck.exchange;

import dev.potluck.content.Pieces;

/// What one reader waits for, and how far ahead to read for it: nothing when it has just begun or
/// jumped, then twice as far each time it goes on where it was. The far end moves in steps of half
/// of that, so that what is asked for in one request is long.
final class ReaderWindow {
  static final long AHEAD_BYTES_MIN = 1 << 20;
  static final long AHEAD_BYTES_MAX = 32 << 20;

  private final Pieces pieces;
  private int first;
  private int end;
  private long expectedOffset = -1;
  private long aheadBytes;

  ReaderWindow(Pieces pieces) {
    this.pieces = pieces;
  }

  void wanted(long offset, long length) {
    if (offset < 0 || length <= 0 || offset >= pieces.size()) {
      return;
    }
    long last = length > pieces.size() - offset ? pieces.size() : offset + length;
    boolean goesOn =
        expectedOffset >= 0
            && offset >= expectedOffset - pieces.pieceLength()
            && offset <= expectedOffset + pieces.pieceLength();
    if (!goesOn) {
      aheadBytes = 0;
    } else if (last > expectedOffset) {
      aheadBytes = Math.clamp(2 * aheadBytes, AHEAD_BYTES_MIN, AHEAD_BYTES_MAX);
    }
    expectedOffset = last;
    first = pieces.pieceAt(offset);
    if (!goesOn || endAfter(last + aheadBytes / 2) >= end) {
      end = endAfter(last + aheadBytes);
    }
  }

  /// The first piece that has none of the bytes before an offset.
  private int endAfter(long offset) {
    return pieces.pieceAt(Math.min(offset, pieces.size()) - 1) + 1;
  }

  int firstPiece() {
    return first;
  }

  int endPiece() {
    return end;
  }

  boolean contains(int piece) {
    return piece >= first && piece < end;
  }
}
