package dev.potluck.exchange;

import dev.potluck.content.PieceSet;
import dev.potluck.content.Pieces;
import dev.potluck.exchange.Subscriber.Due;
import java.util.Collection;
import java.util.Iterator;
import java.util.Map;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/// Which piece to send next, and to whom: the one that fewest subscribers have or are getting from
/// here, to the one who has least under way from here, the one furthest behind first. No more is
/// handed out at a time than keeps the uplink busy: what waits in line arrives late, and is passed
/// on late.
final class Handout {
  static final int UNDER_WAY_MIN = 5;

  /// Before anything is known of the uplink: the sooner the first pieces are whole, the sooner they
  /// are passed on.
  static final int UNDER_WAY_AT_FIRST = 2;

  static final int UNDER_WAY_MAX = 1_024;
  static final double UNDER_WAY_SECONDS = 0.1;
  static final long OVERDUE_NANOS_MIN = 2_000_000_000L;
  static final int SAMPLE = 512;
  static final int NONE = -1;

  private final Pieces pieces;
  private final PieceSet have;
  private final Estimates estimates;
  private final RandomGenerator random;

  /// How many subscribers have each piece or are getting it from here.
  private final int[] copies;

  private final RateMeter rate = new RateMeter();
  private int underWay;
  private long turns;

  Handout(Pieces pieces, PieceSet have, Estimates estimates, RandomGenerator random) {
    this.pieces = pieces;
    this.have = have;
    this.estimates = estimates;
    this.random = random;
    this.copies = new int[pieces.count()];
  }

  record Choice(Subscriber subscriber, int piece) {}

  void has(Subscriber subscriber, PieceSet added, long nowNanos) {
    for (int p = added.next(0); p < pieces.count(); p = added.next(p + 1)) {
      if (!subscriber.has.contains(p)) {
        subscriber.has.add(p);
        subscriber.hasCount++;
        copies[p]++;
        Due due = settle(subscriber, p);
        if (due != null && due.asked()) {
          rate.delivered(pieces.length(p), nowNanos);
        }
      }
    }
  }

  void left(Subscriber subscriber) {
    PieceSet has = subscriber.has;
    for (int p = has.next(0); p < pieces.count(); p = has.next(p + 1)) {
      copies[p]--;
    }
    underWay -= subscriber.due.size();
    subscriber.due.keySet().forEach(p -> copies[p]--);
    subscriber.due.clear();
  }

  void suggested(Choice choice, long nowNanos) {
    due(choice.subscriber, choice.piece, new Due(nowNanos, false), nowNanos);
  }

  void asked(Subscriber subscriber, int piece, long nowNanos) {
    if (subscriber.has.contains(piece)) {
      return;
    }
    Due suggested = subscriber.due.get(piece);
    if (suggested == null) {
      due(subscriber, piece, new Due(nowNanos, true), nowNanos);
    } else if (!suggested.asked()) {
      estimates.answered((nowNanos - suggested.sinceNanos()) / 1e9);
      subscriber.due.put(piece, new Due(suggested.sinceNanos(), true));
    }
  }

  private void due(Subscriber subscriber, int piece, Due due, long nowNanos) {
    subscriber.due.put(piece, due);
    if (underWay == 0) {
      rate.resume(nowNanos);
    }
    underWay++;
    copies[piece]++;
  }

  /// The piece is not under way to the subscriber any more.
  @Nullable Due settle(Subscriber subscriber, int piece) {
    Due due = subscriber.due.remove(piece);
    if (due != null) {
      underWay--;
      copies[piece]--;
    }
    return due;
  }

  boolean hasRoom() {
    if (!rate.isMeasured()) {
      return underWay < UNDER_WAY_AT_FIRST;
    }
    double seconds = UNDER_WAY_SECONDS + 2 * estimates.answerSeconds();
    double ahead = rate.bytesPerSecond() * seconds / pieces.pieceLength();
    return underWay < Math.clamp(ahead, UNDER_WAY_MIN, UNDER_WAY_MAX);
  }

  /// What to send next; null if nobody lacks what could be sent.
  @Nullable Choice next(Collection<Subscriber> subscribers) {
    while (true) {
      Subscriber subscriber = leastBusy(subscribers);
      if (subscriber == null) {
        return null;
      }
      int piece = rarestFor(subscriber);
      if (piece != NONE) {
        subscriber.turn = ++turns;
        return new Choice(subscriber, piece);
      }
      subscriber.satisfied = true;
    }
  }

  private static @Nullable Subscriber leastBusy(Collection<Subscriber> subscribers) {
    Subscriber best = null;
    for (Subscriber subscriber : subscribers) {
      if (subscriber.satisfied || !subscriber.isNeedy()) {
        continue;
      }
      int order = best == null ? -1 : Integer.compare(subscriber.due.size(), best.due.size());
      if (order == 0 && best != null) {
        order = Integer.compare(subscriber.hasCount, best.hasCount);
      }
      if (order < 0 || (order == 0 && best != null && subscriber.turn < best.turn)) {
        best = subscriber;
      }
    }
    return best;
  }

  private int rarestFor(Subscriber subscriber) {
    int count = pieces.count();
    int start = random.nextInt(count);
    int best = NONE;
    int ties = 0;
    int seen = 0;
    for (int half = 0; half < 2; half++) {
      int end = half == 0 ? count : start;
      for (int p = have.next(half == 0 ? start : 0);
          p < end && seen < SAMPLE;
          p = have.next(p + 1)) {
        if (!subscriber.lacks(p)) {
          continue;
        }
        seen++;
        int order = best == NONE ? -1 : Integer.compare(copies[p], copies[best]);
        ties = order < 0 ? 1 : order == 0 ? ties + 1 : ties;
        if (order < 0 || (order == 0 && random.nextInt(ties) == 0)) {
          best = p;
        }
      }
    }
    return best;
  }

  /// What was to be taken long ago is taken back; somebody else may get it first.
  void takeBackOverdue(Subscriber subscriber, long nowNanos) {
    double pieceSeconds =
        rate.isMeasured() ? pieces.pieceLength() / Math.max(1, rate.bytesPerSecond()) : 0;
    double patience = Math.min(30, 8 * underWay * pieceSeconds) * 1e9;
    long overdueNanos = Math.max(OVERDUE_NANOS_MIN, (long) patience);
    Iterator<Map.Entry<Integer, Due>> due = subscriber.due.entrySet().iterator();
    while (due.hasNext()) {
      Map.Entry<Integer, Due> oldest = due.next();
      if (nowNanos - oldest.getValue().sinceNanos() < overdueNanos) {
        return;
      }
      due.remove();
      underWay--;
      copies[oldest.getKey()]--;
    }
  }
}
