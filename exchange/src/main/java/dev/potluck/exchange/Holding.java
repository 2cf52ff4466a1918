package dev.potluck.exchange;

import dev.potluck.content.PieceSet;
import dev.potluck.content.Pieces;
import dev.potluck.directory.PeerId;
import java.util.LinkedHashMap;
import java.util.SequencedMap;

/// One holder as a {@link Download} sees it: what it has, what was asked of it, how it behaves.
final class Holding {
  /// How much time's worth of bytes is asked ahead: enough to hide a round trip and the pauses of a
  /// busy sender, little enough that the last pieces are not all waiting in one queue.
  static final double AHEAD_SECONDS = 0.25;

  private static final double FEARED_BYTES_PER_SECOND = 1e6;
  private static final double LONGEST_SECONDS = 2.0;
  static final int WINDOW_PIECES_MIN = 2;
  static final long WINDOW_BYTES_MAX = 32 << 20;

  final PeerId peer;
  final boolean whole;
  final PieceSet has;
  final PieceSet corrupt;

  /// Pieces asked and not here yet, with when; the order is the order of delivery.
  final SequencedMap<Integer, Long> asked = new LinkedHashMap<>();

  final RateMeter rate = new RateMeter();

  private final Pieces pieces;
  private long askedBytes;
  private long firstAskReadyNanos;
  private boolean everAsked;

  /// The least time from a request to its piece: a long way must not keep the window small.
  private double quickestSeconds = LONGEST_SECONDS;

  /// It hands out pieces by its own plan.
  boolean guided;

  long suggestedNanos;

  /// It has nothing that could be asked now: spares looking again until something changes.
  boolean exhausted;

  boolean stalled;
  int strikes;
  int refusals;
  long notBeforeNanos;
  long heardNanos;
  int cursor;

  Holding(PeerId peer, boolean whole, Pieces pieces, long nowNanos) {
    this.peer = peer;
    this.whole = whole;
    this.pieces = pieces;
    this.has = PieceSet.none(pieces.count());
    this.corrupt = PieceSet.none(pieces.count());
    this.heardNanos = nowNanos;
    this.notBeforeNanos = nowNanos;
  }

  boolean offers(int piece) {
    return (whole || has.contains(piece)) && !asked.containsKey(piece);
  }

  /// @return nanoseconds of emulated latency still to wait
  long ask(int piece, double emulatedMs, long nowNanos) {
    if (!everAsked) {
      everAsked = true;
      firstAskReadyNanos = nowNanos + (long) (emulatedMs * 1e6);
    }
    long wait = Math.max(0, firstAskReadyNanos - nowNanos);
    if (asked.isEmpty()) {
      rate.resume(nowNanos + wait);
      heardNanos = nowNanos + wait;
    }
    if (asked.putIfAbsent(piece, nowNanos) == null) {
      askedBytes += pieces.length(piece);
    }
    return wait;
  }

  /// The piece came; to be told before it is settled.
  void delivered(int piece, long bytes, long nowNanos) {
    rate.delivered(bytes, nowNanos);
    Long since = asked.get(piece);
    if (since != null) {
      quickestSeconds = Math.min(quickestSeconds, (nowNanos - since) / 1e9);
    }
  }

  /// @return whether the piece was asked of this holder
  boolean settle(int piece) {
    if (asked.remove(piece) == null) {
      return false;
    }
    askedBytes -= pieces.length(piece);
    return true;
  }

  /// When a piece that is asked for was asked for.
  long askedNanos(int piece) {
    return asked.getOrDefault(piece, Long.MAX_VALUE);
  }

  long askedBytes() {
    return askedBytes;
  }

  long windowBytes() {
    long least = (long) WINDOW_PIECES_MIN * pieces.pieceLength();
    if (strikes > 0) {
      return pieces.pieceLength();
    }
    if (!rate.isMeasured()) {
      return least;
    }
    double seconds = AHEAD_SECONDS + 1.5 * quickestSeconds;
    long ahead = (long) (rate.bytesPerSecond() * seconds);
    return Math.clamp(ahead, least, Math.max(least, WINDOW_BYTES_MAX));
  }

  boolean mayBeAsked(long nowNanos) {
    return !stalled && nowNanos >= notBeforeNanos;
  }

  boolean isFull() {
    return askedBytes >= windowBytes();
  }

  /// How long it may be silent while something is due.
  long patienceNanos() {
    double pieceSeconds =
        pieces.pieceLength()
            / (rate.isMeasured() ? Math.max(1, rate.bytesPerSecond()) : FEARED_BYTES_PER_SECOND);
    return (long) (Math.clamp(8 * pieceSeconds, 2.0, 20.0) * 1e9);
  }

  void heard(long nowNanos) {
    heardNanos = Math.max(heardNanos, nowNanos);
    if (stalled) {
      stalled = false;
      exhausted = false;
    }
  }
}
