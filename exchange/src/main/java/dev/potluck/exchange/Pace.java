package dev.potluck.exchange;

import dev.potluck.content.PieceSet;
import dev.potluck.content.Pieces;
import java.util.Collection;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/// How much to ask for, and whom: keeps every holder busy without asking for more than can come in
/// the near future, and finds the pieces that a slow holder sits on.
final class Pace {
  /// Pieces under way in all, at least; more when what comes in a second is more.
  static final int UNDER_WAY_PIECES_MIN = 8;

  static final double UNDER_WAY_SECONDS = 1.0;

  /// Pieces under way in all, above which a suggestion is declined; more when more comes in in the
  /// time below and two round trips, for which a declined sender's turn is lost.
  static final int SUGGESTED_PIECES_MIN = 4;

  static final double SUGGESTED_SECONDS = 0.08;

  /// A whole holder's plan is given up when it has said nothing for so long and nothing has come.
  static final long BOUND_NANOS = 2_000_000_000L;

  private static final int ASKERS_MAX = 2;
  private static final int STUCK_LOOKED_AT = 8;
  private static final double STUCK_FACTOR = 2.0;
  private static final double STUCK_SECONDS_MIN = 0.05;
  private static final double LATE_FACTOR = 3.0;
  private static final double LATE_SECONDS_MIN = 0.5;
  private static final double COST_NOISE = 0.1;

  private final Pieces pieces;
  private final Selector selector;
  private final Estimates estimates;
  private final RandomGenerator random;
  private final RateMeter rate = new RateMeter();
  private long underWayBytes;
  private long deliveredNanos;

  Pace(
      Pieces pieces,
      Selector selector,
      Estimates estimates,
      RandomGenerator random,
      long nowNanos) {
    this.pieces = pieces;
    this.selector = selector;
    this.estimates = estimates;
    this.random = random;
    this.deliveredNanos = nowNanos;
  }

  /// Where a new holder's consecutive pieces start: apart from the others'.
  int startOf(int holders) {
    return holders <= 1 ? 0 : random.nextInt(pieces.count());
  }

  void asked(long bytes, long nowNanos) {
    if (underWayBytes == 0) {
      rate.resume(nowNanos);
    }
    underWayBytes += bytes;
  }

  void settled(long bytes) {
    underWayBytes -= bytes;
  }

  boolean isIdle() {
    return underWayBytes == 0;
  }

  /// To be called before the piece is settled.
  void delivered(Holding holding, int piece, long bytes, long nowNanos) {
    holding.delivered(piece, bytes, nowNanos);
    rate.delivered(bytes, nowNanos);
    deliveredNanos = nowNanos;
  }

  /// Whether only what the holder suggests may be asked of it.
  boolean isBound(Holding holding, long nowNanos) {
    return holding.guided
        && !(nowNanos - deliveredNanos > BOUND_NANOS
            && nowNanos - holding.suggestedNanos > BOUND_NANOS);
  }

  /// The holder to ask next: of those with room, the one whose next piece is expected first.
  @Nullable Holding next(Collection<Holding> active, long nowNanos) {
    if (underWayBytes >= mostUnderWay()) {
      return null;
    }
    Holding best = null;
    double least = Double.POSITIVE_INFINITY;
    for (Holding holding : active) {
      if (holding.exhausted
          || isBound(holding, nowNanos)
          || !holding.mayBeAsked(nowNanos)
          || holding.isFull()) {
        continue;
      }
      double cost = expectedSeconds(holding) * noise();
      if (cost < least) {
        least = cost;
        best = holding;
      }
    }
    return best;
  }

  private double noise() {
    return 1 + COST_NOISE * random.nextDouble();
  }

  private long mostUnderWay() {
    long least = (long) UNDER_WAY_PIECES_MIN * pieces.pieceLength();
    return rate.isMeasured()
        ? Math.max(least, (long) (rate.bytesPerSecond() * UNDER_WAY_SECONDS))
        : least;
  }

  /// When one more piece asked of this holder would be here.
  private double expectedSeconds(Holding holding) {
    long bytes = holding.askedBytes() + pieces.pieceLength();
    return holding.rate.isMeasured()
        ? bytes / holding.rate.bytesPerSecond()
        : selector.cost(estimates.of(holding.peer), bytes);
  }

  /// Whether so much is under way already that more had better come from where there is less.
  boolean isFull() {
    long least = (long) SUGGESTED_PIECES_MIN * pieces.pieceLength();
    double seconds = SUGGESTED_SECONDS + 2 * estimates.answerSeconds();
    long most = rate.isMeasured() ? (long) (rate.bytesPerSecond() * seconds) : 0;
    return underWayBytes >= Math.max(least, most);
  }

  /// Whether somebody else is expected to bring the piece so late that this one would be well
  /// before.
  boolean isLate(int piece, Holding offering, Collection<Holding> active, byte[] askers) {
    if (askers[piece] >= ASKERS_MAX) {
      return false;
    }
    double latest = LATE_SECONDS_MIN + LATE_FACTOR * expectedSeconds(offering);
    for (Holding slow : active) {
      if (slow.asked.containsKey(piece)
          && slow.rate.isMeasured()
          && slow.askedBytes() / slow.rate.bytesPerSecond() > latest) {
        return true;
      }
    }
    return false;
  }

  /// A piece another holder is expected to bring so late that this one would be well before it.
  int stuckPiece(Holding idle, Collection<Holding> active, PieceSet have, byte[] askers) {
    double latest = STUCK_SECONDS_MIN + STUCK_FACTOR * expectedSeconds(idle);
    int stuck = PiecePicker.NONE;
    for (Holding slow : active) {
      if (slow == idle || slow.asked.isEmpty() || !slow.rate.isMeasured()) {
        continue;
      }
      double seconds = slow.askedBytes() / slow.rate.bytesPerSecond();
      if (seconds <= latest) {
        continue;
      }
      int looked = 0;
      for (int piece : slow.asked.sequencedKeySet().reversed()) {
        if (askers[piece] < ASKERS_MAX && idle.offers(piece) && !have.contains(piece)) {
          stuck = piece;
          latest = seconds;
          break;
        }
        if (++looked == STUCK_LOOKED_AT) {
          break;
        }
      }
    }
    return stuck;
  }
}
