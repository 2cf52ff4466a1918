package dev.potluck.exchange;

import dev.potluck.content.PieceSet;
import dev.potluck.content.Pieces;
import java.util.BitSet;
import java.util.random.RandomGenerator;

/// Which piece to ask a holder for next: what a reader waits for, what the holder suggests, else
/// the rarest, ties broken by chance. Looks at no more than {@link #SAMPLE} candidates, from a
/// random place on, so that a choice costs the same however large the content is.
final class PiecePicker {
  static final int SAMPLE = 512;
  static final int NONE = -1;

  private final Pieces pieces;
  private final RandomGenerator random;
  private final ReaderWindows readers;

  /// Missing, and asked of nobody who is likely to send it.
  private final BitSet free;

  private final int[] partialHolders;
  private long partialPieces;

  /// Nothing is picked that no reader waits for.
  private boolean onDemand;

  PiecePicker(Pieces pieces, PieceSet have, ReaderWindows readers, RandomGenerator random) {
    this.pieces = pieces;
    this.random = random;
    this.readers = readers;
    this.free = new BitSet(pieces.count());
    this.partialHolders = new int[pieces.count()];
    for (int p = have.nextMissing(0); p < pieces.count(); p = have.nextMissing(p + 1)) {
      free.set(p);
    }
  }

  boolean isFree(int piece) {
    return free.get(piece);
  }

  /// No other downloader known here has it yet.
  boolean isHeldOnlyWhole(int piece) {
    return partialHolders[piece] == 0;
  }

  void setFree(int piece, boolean isFree) {
    free.set(piece, isFree);
  }

  void gained(int piece) {
    partialHolders[piece]++;
    partialPieces++;
  }

  void lost(Holding holding) {
    for (int p = holding.has.next(0); p < pieces.count(); p = holding.has.next(p + 1)) {
      partialHolders[p]--;
      partialPieces--;
    }
  }

  void onDemand(boolean only) {
    onDemand = only;
  }

  /// Whether it would be picked at all.
  boolean isPickable(int piece) {
    return free.get(piece) && (!onDemand || readers.contains(piece));
  }

  /// A piece to ask of this holder, or {@link #NONE}.
  int pick(Holding holding) {
    int wanted = mostUrgent(holding);
    if (wanted != NONE || onDemand) {
      return wanted;
    }
    return partialPieces == 0 ? onward(holding) : rarest(holding);
  }

  /// The piece that is nearest to where its reader is.
  private int mostUrgent(Holding holding) {
    int urgent = NONE;
    int least = Integer.MAX_VALUE;
    for (ReaderWindow window : readers.all()) {
      int piece = first(holding, window.firstPiece(), window.endPiece());
      if (piece != NONE && piece - window.firstPiece() < least) {
        urgent = piece;
        least = piece - window.firstPiece();
      }
    }
    return urgent;
  }

  /// How many pieces from `piece` on can be asked as one request of at most `bytesMax`.
  int runLength(Holding holding, int piece, long bytesMax) {
    int count = 1;
    if (holding.whole) {
      long bytes = pieces.length(piece);
      int next = piece + 1;
      while (next < pieces.count()
          && bytes + pieces.length(next) <= bytesMax
          && isPickable(next)
          && !holding.asked.containsKey(next)
          && partialHolders[next] == partialHolders[piece]) {
        bytes += pieces.length(next);
        next++;
        count++;
      }
    }
    holding.cursor = piece + count;
    return count;
  }

  private int onward(Holding holding) {
    int piece = first(holding, holding.cursor, pieces.count());
    return piece != NONE ? piece : first(holding, 0, Math.min(holding.cursor, pieces.count()));
  }

  private int rarest(Holding holding) {
    int start = random.nextInt(pieces.count());
    int best = NONE;
    int ties = 0;
    int seen = 0;
    boolean wrapped = false;
    int piece = first(holding, start, pieces.count());
    while (seen < SAMPLE) {
      if (piece == NONE) {
        if (wrapped) {
          break;
        }
        wrapped = true;
        piece = first(holding, 0, start);
        continue;
      }
      int order = best == NONE ? -1 : Integer.compare(partialHolders[piece], partialHolders[best]);
      ties = order < 0 ? 1 : order == 0 ? ties + 1 : ties;
      if (order < 0 || (order == 0 && random.nextInt(ties) == 0)) {
        best = piece;
      }
      seen++;
      piece = first(holding, piece + 1, wrapped ? start : pieces.count());
    }
    return best;
  }

  /// The first free piece in [from, end) that the holder has and was not asked for.
  private int first(Holding holding, int from, int end) {
    int piece = from < end ? free.nextSetBit(from) : NONE;
    while (piece != NONE && piece < end) {
      if (!holding.whole) {
        int held = holding.has.next(piece);
        if (held != piece) {
          piece = held < end ? free.nextSetBit(held) : NONE;
          continue;
        }
      }
      if (!holding.asked.containsKey(piece)) {
        return piece;
      }
      piece = free.nextSetBit(piece + 1);
    }
    return NONE;
  }
}
