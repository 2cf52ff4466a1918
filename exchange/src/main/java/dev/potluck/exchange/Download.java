package dev.potluck.exchange;

import dev.potluck.content.PieceSet;
import dev.potluck.content.Pieces;
import dev.potluck.directory.PeerId;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;

/// One content being fetched from several holders, as a state machine: single-threaded, told what
/// happened and when, it answers with what to do. It asks nobody for more than it can use soon, the
/// rarest pieces first, and a second holder for what a slow one sits on.
public final class Download {
  private static final long TICK_NANOS = 100_000_000L;
  private static final long FIND_NANOS_MIN = 500_000_000L;
  private static final long FIND_NANOS_MAX = 8_000_000_000L;
  private static final long STUCK_AFTER_NANOS = 5_000_000_000L;
  private static final long RUN_BYTES_MAX = 4 << 20;
  private static final int GIVE_UP_PATIENCES = 2;
  private static final int REFUSALS_MAX = 5;
  private static final int STRIKES_MAX = 2;
  private static final int STRIKES_MAX_ALONE = 4;

  private final Pieces pieces;
  private final PieceSet have;
  private final Estimates estimates;
  private final Neighbours neighbours;
  private final ReaderWindows readers;
  private final PiecePicker picker;
  private final Pace pace;
  private final byte[] askers;
  private final Map<PeerId, Long> deliveredBytes = new LinkedHashMap<>();
  private int missing;
  private boolean onDemand;
  private boolean completed;
  private boolean stuck;
  private long findAtNanos;
  private long findEveryNanos = FIND_NANOS_MIN;
  private long movedNanos;
  private String lastRefusal = "";
  private long wakeAtNanos;
  private List<Effect> effects = new ArrayList<>();

  /// @param onDisk pieces that are here already, verified; copied
  /// @param estimates shared by all downloads of this peer
  public Download(
      Pieces pieces,
      PieceSet onDisk,
      Selector selector,
      Estimates estimates,
      RandomGenerator random,
      long nowNanos) {
    this.pieces = pieces;
    this.have = onDisk.copy();
    this.estimates = estimates;
    this.neighbours = new Neighbours(pieces, selector, estimates, random);
    this.readers = new ReaderWindows(pieces);
    this.picker = new PiecePicker(pieces, have, readers, random);
    this.pace = new Pace(pieces, selector, estimates, random, nowNanos);
    this.askers = new byte[pieces.count()];
    this.missing = pieces.count() - have.cardinality();
    this.findAtNanos = nowNanos + FIND_NANOS_MIN;
    this.movedNanos = nowNanos;
    this.wakeAtNanos = nowNanos;
  }

  /// Whether only what readers wait for is fetched, and a little ahead of them; else all, that
  /// first. To be called before the first event; {@link Event.WholeWanted} ends it.
  public void onDemand(boolean only) {
    onDemand = only;
    picker.onDemand(only);
  }

  public boolean isOnDemand() {
    return onDemand;
  }

  /// What to do now that this has happened. Never blocks; effects are to be done in order.
  ///
  /// @param nowNanos a monotonic clock, the same for all calls
  public List<Effect> apply(Event event, long nowNanos) {
    if (completed) {
      return List.of();
    }
    effects = new ArrayList<>();
    switch (event) {
      case Event.HoldersFound(var holders) -> neighbours.found(holders, nowNanos);
      case Event.Subscribed(var holder, var whole, var guided) ->
          subscribed(holder, whole, guided, nowNanos);
      case Event.HolderLost(var holder) -> lost(holder, nowNanos);
      case Event.Available(var holder, var added) -> available(holder, added);
      case Event.Suggested(var holder, var suggestions, var bound) ->
          suggested(holder, suggestions, bound, nowNanos);
      case Event.Received(var holder, _) -> received(holder, nowNanos);
      case Event.Verified(var holder, var piece, var bytes) ->
          verified(holder, piece, bytes, nowNanos);
      case Event.Corrupt(var holder, var piece) -> corrupt(holder, piece, nowNanos);
      case Event.Refused(var holder, var piece, var why) -> refused(holder, piece, why, nowNanos);
      case Event.Wanted(var reader, var offset, var length) -> {
        readers.wanted(reader, offset, length);
        lookAgain();
      }
      case Event.ReaderLeft(var reader) -> readers.left(reader);
      case Event.WholeWanted() -> {
        onDemand(false);
        lookAgain();
      }
      case Event.Tick() -> tick(nowNanos);
    }
    if (missing == 0) {
      complete();
    } else {
      if (event instanceof Event.HoldersFound
          || event instanceof Event.HolderLost
          || event instanceof Event.Wanted
          || event instanceof Event.Tick) {
        neighbours.connect(nowNanos).forEach(peer -> effects.add(new Effect.Subscribe(peer)));
      }
      fill(nowNanos);
      noticeStuck(nowNanos);
    }
    if (isResting()) {
      wakeAtNanos = Long.MAX_VALUE;
    } else if (wakeAtNanos == Long.MAX_VALUE) {
      wakeAtNanos = nowNanos + TICK_NANOS;
    }
    wakeAtNanos = Math.max(wakeAtNanos, nowNanos + TICK_NANOS / 2);
    return effects;
  }

  /// Whether nobody waits for anything, so that nothing is to be asked of anybody.
  private boolean isResting() {
    return onDemand && pace.isIdle() && !readers.lacksAny(have);
  }

  /// When the next {@link Event.Tick} is wanted. {@link Long#MAX_VALUE} once completed, or while
  /// nobody waits for anything.
  public long wakeAtNanos() {
    return completed ? Long.MAX_VALUE : wakeAtNanos;
  }

  /// What is here and verified. A view, not to be changed.
  public PieceSet have() {
    return have;
  }

  public boolean isComplete() {
    return completed;
  }

  /// Who delivered how many bytes that were of use.
  public Map<PeerId, Long> deliveredBytes() {
    return Map.copyOf(deliveredBytes);
  }

  /// How many holders are in use.
  public int holders() {
    return neighbours.active().size();
  }

  private void subscribed(PeerId peer, boolean whole, boolean guided, long nowNanos) {
    Holding old = neighbours.active(peer);
    Holding holding = neighbours.subscribed(peer, whole, nowNanos);
    if (holding == null) {
      effects.add(new Effect.Unsubscribe(peer));
    } else if (holding != old) {
      if (old != null) {
        release(old);
      }
      holding.guided = guided && !onDemand;
      holding.suggestedNanos = nowNanos;
      holding.cursor = pace.startOf(neighbours.active().size());
      stuck = false;
      movedNanos = nowNanos;
    }
  }

  private void lost(PeerId peer, long nowNanos) {
    Holding holding = neighbours.active(peer);
    neighbours.lost(peer, nowNanos);
    if (holding != null) {
      release(holding);
    }
    findAtNanos = Math.min(findAtNanos, nowNanos);
  }

  private void available(PeerId peer, PieceSet added) {
    Holding holding = neighbours.active(peer);
    if (holding == null || holding.whole) {
      return;
    }
    for (int p = added.next(0); p < pieces.count(); p = added.next(p + 1)) {
      if (!holding.has.contains(p)) {
        holding.has.add(p);
        picker.gained(p);
        holding.exhausted &= !picker.isFree(p);
      }
    }
  }

  private void suggested(PeerId peer, List<Integer> suggestions, boolean bound, long nowNanos) {
    Holding holding = neighbours.active(peer);
    if (holding == null) {
      return;
    }
    holding.guided = bound && !onDemand;
    holding.suggestedNanos = nowNanos;
    holding.exhausted = false;
    for (int piece : suggestions) {
      if (piece >= 0 && piece < pieces.count()) {
        take(holding, piece, nowNanos);
      }
    }
  }

  private void take(Holding holding, int piece, long nowNanos) {
    if (holding.asked.containsKey(piece)) {
      return;
    }
    boolean wanted =
        picker.isPickable(piece)
            || (!have.contains(piece) && pace.isLate(piece, holding, neighbours.active(), askers));
    boolean room = !pace.isFull() || picker.isHeldOnlyWhole(piece);
    if (wanted && room && holding.mayBeAsked(nowNanos)) {
      ask(holding, piece, nowNanos);
    } else {
      boolean coming = have.contains(piece) || askers[piece] > 0;
      effects.add(new Effect.Decline(holding.peer, piece, onDemand ? coming : !wanted));
    }
  }

  private void received(PeerId peer, long nowNanos) {
    Holding holding = neighbours.active(peer);
    if (holding != null) {
      holding.heard(nowNanos);
    }
  }

  private void lookAgain() {
    neighbours.active().forEach(holding -> holding.exhausted = false);
  }

  private void verified(PeerId peer, int piece, long bytes, long nowNanos) {
    Holding holding = neighbours.active(peer);
    if (holding != null) {
      holding.heard(nowNanos);
      holding.refusals = 0;
      if (holding.asked.containsKey(piece)) {
        pace.delivered(holding, piece, bytes, nowNanos);
        unask(holding, piece);
      }
    }
    if (have.contains(piece)) {
      return;
    }
    have.add(piece);
    missing--;
    movedNanos = nowNanos;
    stuck = false;
    picker.setFree(piece, false);
    deliveredBytes.merge(peer, bytes, Long::sum);
    if (askers[piece] > 0) {
      for (Holding other : neighbours.active()) {
        other.exhausted = false;
        if (unask(other, piece)) {
          effects.add(new Effect.Withdraw(other.peer, piece));
        }
      }
    }
  }

  private void corrupt(PeerId peer, int piece, long nowNanos) {
    Holding holding = neighbours.active(peer);
    if (holding == null) {
      return;
    }
    holding.heard(nowNanos);
    holding.strikes++;
    holding.corrupt.add(piece);
    settle(holding, piece);
    boolean alone = neighbours.active().size() == 1;
    boolean dropped = holding.strikes >= (alone ? STRIKES_MAX_ALONE : STRIKES_MAX);
    effects.add(new Effect.Distrust(peer, dropped, "piece " + piece + " does not match its hash"));
    if (dropped) {
      neighbours.ban(peer);
      release(holding);
      effects.add(new Effect.Unsubscribe(peer));
      findAtNanos = Math.min(findAtNanos, nowNanos);
    }
  }

  private void refused(PeerId peer, int piece, String why, long nowNanos) {
    Holding holding = neighbours.active(peer);
    if (holding == null) {
      return;
    }
    settle(holding, piece);
    lastRefusal = " (last refusal: " + why + ")";
    holding.refusals++;
    holding.notBeforeNanos = nowNanos + (FIND_NANOS_MIN << holding.refusals) / 8;
    if (holding.refusals >= REFUSALS_MAX) {
      effects.add(new Effect.Unsubscribe(peer));
      lost(peer, nowNanos);
    }
  }

  /// The piece is no longer asked of this holder; if of nobody, it is free again.
  private void settle(Holding holding, int piece) {
    if (unask(holding, piece)) {
      freeAgain(piece);
    }
  }

  private boolean unask(Holding holding, int piece) {
    boolean wasAsked = holding.settle(piece);
    if (wasAsked) {
      askers[piece]--;
      pace.settled(pieces.length(piece));
    }
    return wasAsked;
  }

  private void freeAgain(int piece) {
    if (askers[piece] == 0 && !have.contains(piece)) {
      picker.setFree(piece, true);
      neighbours.active().forEach(other -> other.exhausted = false);
    }
  }

  private void release(Holding holding) {
    picker.lost(holding);
    for (int piece : List.copyOf(holding.asked.keySet())) {
      settle(holding, piece);
    }
  }

  private void tick(long nowNanos) {
    wakeAtNanos = nowNanos + TICK_NANOS;
    for (Holding holding : List.copyOf(neighbours.active())) {
      holding.exhausted = false;
      if (!holding.asked.isEmpty()) {
        noticeSilence(holding, nowNanos);
      }
    }
    if (nowNanos >= findAtNanos && neighbours.wantsMore()) {
      effects.add(new Effect.FindHolders());
      findAtNanos = nowNanos + findEveryNanos;
      findEveryNanos = Math.min(2 * findEveryNanos, FIND_NANOS_MAX);
    }
  }

  /// What a silent holder was asked for may be asked of others; one that stays silent is given up.
  private void noticeSilence(Holding holding, long nowNanos) {
    long patienceNanos = holding.patienceNanos();
    long silentNanos = nowNanos - holding.heardNanos;
    if (silentNanos > GIVE_UP_PATIENCES * patienceNanos) {
      withdrawAll(holding);
      effects.add(new Effect.Unsubscribe(holding.peer));
      lost(holding.peer, nowNanos);
    } else if (silentNanos > patienceNanos && !holding.stalled) {
      holding.stalled = true;
      holding.asked.keySet().forEach(piece -> picker.setFree(piece, true));
    } else if (!holding.stalled) {
      int oldest = holding.asked.firstEntry().getKey();
      if (nowNanos - holding.askedNanos(oldest) > GIVE_UP_PATIENCES * patienceNanos) {
        effects.add(new Effect.Withdraw(holding.peer, oldest));
        settle(holding, oldest);
      }
    }
  }

  private void withdrawAll(Holding holding) {
    holding.asked.keySet().forEach(p -> effects.add(new Effect.Withdraw(holding.peer, p)));
  }

  /// Asks until nobody with room has anything that is free, or enough is under way.
  private void fill(long nowNanos) {
    while (true) {
      Holding holding = pace.next(neighbours.active(), nowNanos);
      if (holding == null) {
        return;
      }
      int piece = picker.pick(holding);
      if (piece == PiecePicker.NONE) {
        piece = pace.stuckPiece(holding, neighbours.active(), have, askers);
      }
      if (piece == PiecePicker.NONE) {
        holding.exhausted = true;
      } else {
        ask(holding, piece, nowNanos);
      }
    }
  }

  private void ask(Holding holding, int piece, long nowNanos) {
    long runBytes = Math.min(RUN_BYTES_MAX, holding.windowBytes() / 4);
    int count =
        picker.isFree(piece) && !holding.guided ? picker.runLength(holding, piece, runBytes) : 1;
    Estimates.Estimate estimate = estimates.of(holding.peer);
    double emulatedMs = estimate.emulated() ? estimate.latencyMs() : 0;
    long waitNanos = 0;
    for (int p = piece; p < piece + count; p++) {
      waitNanos = holding.ask(p, emulatedMs, nowNanos);
      pace.asked(pieces.length(p), nowNanos);
      askers[p]++;
      picker.setFree(p, false);
    }
    effects.add(new Effect.Ask(holding.peer, piece, count, waitNanos));
  }

  private void noticeStuck(long nowNanos) {
    if (isResting()) {
      return;
    }
    boolean nobody = neighbours.isEmpty();
    boolean idle = pace.isIdle() && nowNanos - movedNanos > STUCK_AFTER_NANOS;
    if (!stuck && (nobody || idle)) {
      stuck = true;
      String why = nobody ? "no holder left to ask" : "no holder has the missing pieces";
      effects.add(
          new Effect.Stuck(
              neighbours.anyBanned(),
              (missing == 1 ? "1 piece is" : missing + " pieces are")
                  + " missing: "
                  + why
                  + lastRefusal));
      findAtNanos = nowNanos;
      findEveryNanos = FIND_NANOS_MIN;
    }
  }

  private void complete() {
    completed = true;
    neighbours.active().forEach(h -> reportThroughput(h));
    effects.add(new Effect.Completed());
  }

  private void reportThroughput(Holding holding) {
    if (holding.rate.isMeasured()) {
      estimates.throughput(holding.peer, holding.rate.bytesPerSecond());
    }
  }
}
