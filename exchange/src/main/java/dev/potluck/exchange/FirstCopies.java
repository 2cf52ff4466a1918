package dev.potluck.exchange;

import dev.potluck.content.Pieces;
import dev.potluck.directory.PeerId;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;

/// Which pieces nobody else has yet, and to whom each goes first. No more are handed out at a time
/// than keep the uplink busy: what waits in line arrives late, and late is late for everyone.
final class FirstCopies {
  static final int UNDER_WAY_MIN = 4;
  static final int UNDER_WAY_MAX = 1_024;
  static final double UNDER_WAY_SECONDS = 0.1;
  static final long OVERDUE_NANOS_MIN = 2_000_000_000L;

  private final Pieces pieces;

  /// A random order of all pieces: several whole holders start at different ones.
  private final int[] order;

  private int cursor;
  private final boolean[] out;
  private int remaining;
  private int underWay;
  private long turns;
  private final RateMeter rate = new RateMeter();

  FirstCopies(Pieces pieces, RandomGenerator random) {
    this.pieces = pieces;
    this.order = new int[pieces.count()];
    this.out = new boolean[pieces.count()];
    this.remaining = order.length;
    for (int i = 0; i < order.length; i++) {
      int j = random.nextInt(i + 1);
      order[i] = order[j];
      order[j] = i;
    }
  }

  /// Every piece has been handed to somebody.
  boolean isOver() {
    return remaining == 0;
  }

  /// Somebody has it.
  void wentOut(int piece) {
    handedOut(piece);
  }

  /// Somebody is getting it from here.
  void handedOut(int piece) {
    if (!out[piece]) {
      out[piece] = true;
      remaining--;
    }
  }

  /// It was on its way from here and did not arrive.
  void failed(int piece) {
    underWay--;
    if (out[piece]) {
      out[piece] = false;
      remaining++;
      cursor = 0;
    }
  }

  void delivered(long bytes, long nowNanos) {
    underWay--;
    rate.delivered(bytes, nowNanos);
  }

  /// Hands out what can be sent soon, to those who have the least under way.
  Map<PeerId, List<Integer>> plan(Collection<Subscriber> subscribers, long nowNanos) {
    takeBackOverdue(subscribers, nowNanos);
    Map<PeerId, List<Integer>> planned = new LinkedHashMap<>();
    while (underWay < mostUnderWay() && remaining > 0) {
      Subscriber next = leastBusy(subscribers);
      int piece = nextPiece();
      if (underWay == 0) {
        rate.resume(nowNanos);
      }
      handedOut(piece);
      underWay++;
      next.due.put(piece, nowNanos);
      next.guided = true;
      planned.computeIfAbsent(next.peer, _ -> new ArrayList<>()).add(piece);
    }
    return planned;
  }

  private int mostUnderWay() {
    if (!rate.isMeasured()) {
      return UNDER_WAY_MIN;
    }
    double ahead = rate.bytesPerSecond() * UNDER_WAY_SECONDS / pieces.pieceLength();
    return (int) Math.clamp(ahead, UNDER_WAY_MIN, UNDER_WAY_MAX);
  }

  private int nextPiece() {
    while (out[order[cursor]]) {
      cursor++;
    }
    return order[cursor];
  }

  private Subscriber leastBusy(Collection<Subscriber> subscribers) {
    Subscriber best = subscribers.iterator().next();
    for (Subscriber subscriber : subscribers) {
      int order = Integer.compare(subscriber.due.size(), best.due.size());
      if (order < 0 || (order == 0 && subscriber.turn < best.turn)) {
        best = subscriber;
      }
    }
    best.turn = ++turns;
    return best;
  }

  private void takeBackOverdue(Collection<Subscriber> subscribers, long nowNanos) {
    double pieceSeconds =
        rate.isMeasured() ? pieces.pieceLength() / Math.max(1, rate.bytesPerSecond()) : 0;
    double patience = Math.min(30, 8 * underWay * pieceSeconds) * 1e9;
    long overdueNanos = Math.max(OVERDUE_NANOS_MIN, (long) patience);
    for (Subscriber subscriber : subscribers) {
      Iterator<Map.Entry<Integer, Long>> due = subscriber.due.entrySet().iterator();
      while (due.hasNext()) {
        Map.Entry<Integer, Long> oldest = due.next();
        if (nowNanos - oldest.getValue() < overdueNanos) {
          break;
        }
        due.remove();
        failed(oldest.getKey());
      }
    }
  }
}
