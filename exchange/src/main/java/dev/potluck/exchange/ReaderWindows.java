package dev.potluck.exchange;

import dev.potluck.content.PieceSet;
import dev.potluck.content.Pieces;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;

/// All readers of one content, and what they wait for.
final class ReaderWindows {
  private final Pieces pieces;
  private final Map<Long, ReaderWindow> windows = new LinkedHashMap<>();

  ReaderWindows(Pieces pieces) {
    this.pieces = pieces;
  }

  void wanted(long reader, long offset, long length) {
    windows.computeIfAbsent(reader, _ -> new ReaderWindow(pieces)).wanted(offset, length);
  }

  void left(long reader) {
    windows.remove(reader);
  }

  Collection<ReaderWindow> all() {
    return windows.values();
  }

  boolean contains(int piece) {
    for (ReaderWindow window : windows.values()) {
      if (window.contains(piece)) {
        return true;
      }
    }
    return false;
  }

  /// Whether a reader waits for something that is not here.
  boolean lacksAny(PieceSet have) {
    for (ReaderWindow window : windows.values()) {
      if (have.nextMissing(window.firstPiece()) < window.endPiece()) {
        return true;
      }
    }
    return false;
  }
}
