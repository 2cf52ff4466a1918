package dev.potluck.peer;

import dev.potluck.content.ContentId;
import dev.potluck.content.CorruptException;
import dev.potluck.content.FailedException;
import dev.potluck.content.PieceLayer;
import dev.potluck.content.Pieces;
import dev.potluck.content.PotluckException;
import dev.potluck.content.UnavailableException;
import dev.potluck.directory.Holder;
import dev.potluck.directory.PeerId;
import dev.potluck.exchange.Candidate;
import dev.potluck.exchange.Download;
import dev.potluck.exchange.Effect;
import dev.potluck.exchange.Event;
import dev.potluck.wire.TransferOutcome;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/// One download under way: carries out what the {@link Download} wants, with real links and
/// transfers, and tells it what came of it. Belongs to the exchange thread.
final class Fetch {
  private static final long MOMENT_NANOS = 3_000_000_000L;

  private final Swarms host;
  private final Swarm swarm;
  private final Partial partial;
  private final Pieces pieces;
  private final HolderSource source;
  private final Download download;
  private final Map<PeerId, Holder> holders = new HashMap<>();
  private final Map<PeerId, Map<Integer, Run>> running = new HashMap<>();
  private final CompletableFuture<ReadyContent> done = new CompletableFuture<>();
  private long deadlineNanos;
  private @Nullable PotluckException trouble;
  private final Alarm alarm;
  private boolean finding;
  private boolean started;

  /// @param onDemand only what readers wait for is fetched
  /// @param deadlineNanos until when to wait for holders, once there are none
  Fetch(
      Swarms host,
      Swarm swarm,
      Partial partial,
      HolderSource source,
      List<Holder> known,
      boolean onDemand,
      long deadlineNanos) {
    this.host = host;
    this.swarm = swarm;
    this.partial = partial;
    this.pieces = partial.content().pieces();
    this.source = source;
    this.deadlineNanos = deadlineNanos;
    this.alarm = new Alarm(host.thread(), this::woken);
    this.download =
        new Download(
            pieces,
            partial.verified(),
            host.selector(),
            host.estimates(),
            host.random(),
            host.thread().nowNanos());
    download.onDemand(onDemand);
    known.forEach(this::know);
  }

  /// Completes with the content, or exceptionally with a `PotluckException`.
  CompletableFuture<ReadyContent> done() {
    return done;
  }

  Partial partial() {
    return partial;
  }

  PieceLayer layer() {
    return partial.layer();
  }

  Progress progress() {
    return new Progress(
        partial.verified().cardinality() * (long) pieces.pieceLength(),
        pieces.size(),
        download.holders(),
        download.deliveredBytes());
  }

  /// Who delivered how many bytes; final once the download is done.
  Map<PeerId, Long> from() {
    return download.deliveredBytes();
  }

  /// How far a download is; a copy.
  record Progress(long bytes, long of, int holders, Map<PeerId, Long> from) {}

  void start() {
    started = true;
    if (partial.verified().isFull()) {
      complete();
      return;
    }
    tell(new Event.HoldersFound(candidates()));
  }

  private List<Candidate> candidates() {
    return holders.values().stream()
        .filter(holder -> !holder.peer().equals(host.self()))
        .map(holder -> new Candidate(holder.peer(), holder.whole()))
        .toList();
  }

  private void know(Holder holder) {
    holders.put(holder.peer(), holder);
    host.measure(holder);
  }

  /// Tells the state machine and does what it wants then.
  void tell(Event event) {
    if (done.isDone()) {
      return;
    }
    List<Effect> effects = download.apply(event, host.thread().nowNanos());
    for (Effect effect : effects) {
      carryOut(effect);
    }
    wake();
  }

  /// All of it is wanted now by somebody who will try by himself if this one gets stuck.
  void wantWhole() {
    if (!download.isOnDemand()) {
      return;
    }
    deadlineNanos = host.thread().nowNanos();
    if (!started) {
      download.onDemand(false);
      return;
    }
    tell(new Event.WholeWanted());
    giveUpWhenLate();
  }

  private void wake() {
    if (!done.isDone()) {
      alarm.setFor(download.wakeAtNanos());
    }
  }

  private void woken() {
    giveUpWhenLate();
    tell(new Event.Tick());
  }

  private void giveUpWhenLate() {
    if (trouble != null && host.thread().nowNanos() >= deadlineNanos) {
      fail(trouble);
    }
  }

  private void carryOut(Effect effect) {
    switch (effect) {
      case Effect.Subscribe(var peer) -> subscribe(peer);
      case Effect.Unsubscribe(var peer) -> unsubscribe(peer);
      case Effect.Ask(var peer, var first, var count, var waitNanos) ->
          ask(peer, first, count, waitNanos);
      case Effect.Withdraw(var peer, var piece) -> withdraw(peer, piece);
      case Effect.Decline(var peer, var piece, var coming) -> swarm.decline(peer, piece, coming);
      case Effect.FindHolders() -> findHolders();
      case Effect.Distrust(var peer, var dropped, var why) -> distrust(peer, dropped, why);
      case Effect.Completed() -> complete();
      case Effect.Stuck(var corrupt, var why) -> stuck(corrupt, why);
    }
  }

  private void subscribe(PeerId peer) {
    Holder holder = holders.get(peer);
    if (holder == null) {
      tell(new Event.HolderLost(peer));
    } else if (pieces.count() == 1 || (download.isOnDemand() && holder.whole())) {
      // Nobody needs to be told what we have of a single piece, nor plan what a reader is to get.
      host.thread().run(() -> tell(new Event.Subscribed(peer, true, false)));
    } else if (!swarm.isLinked(peer)) {
      host.link(swarm, holder);
    }
  }

  private void unsubscribe(PeerId peer) {
    running.getOrDefault(peer, Map.of()).values().stream().distinct().toList().forEach(Run::cancel);
    swarm.unsubscribe(peer);
  }

  private void ask(PeerId peer, int first, int count, long waitNanos) {
    Holder holder = holders.get(peer);
    if (holder == null) {
      holder = host.address(peer).orElse(null);
      if (holder == null) {
        refuse(peer, first, count, "its address is not known");
        return;
      }
      holders.put(peer, holder);
    }
    // What is kept of a piece saves asking for it only at the begin of a request.
    for (int piece = first + 1; piece < first + count; piece++) {
      if (partial.begun().kept(piece) > 0) {
        ask(peer, first, piece - first, waitNanos);
        ask(peer, piece, first + count - piece, waitNanos);
        return;
      }
    }
    Run run = new Run(this, holder, first, count);
    Map<Integer, Run> ofPeer = running.computeIfAbsent(peer, _ -> new HashMap<>());
    for (int piece = first; piece < first + count; piece++) {
      ofPeer.put(piece, run);
    }
    host.thread().runAt(host.thread().nowNanos() + waitNanos, run::start);
  }

  private void refuse(PeerId peer, int first, int count, String why) {
    host.thread()
        .run(
            () -> {
              for (int piece = first; piece < first + count; piece++) {
                tell(new Event.Refused(peer, piece, why));
              }
            });
  }

  private void withdraw(PeerId peer, int piece) {
    Run run = running.getOrDefault(peer, Map.of()).get(piece);
    if (run != null) {
      run.withdraw(piece);
    }
  }

  private void findHolders() {
    if (finding) {
      return;
    }
    finding = true;
    host.background(
        "find-holders",
        () -> {
          try {
            List<Holder> found = source.holders();
            host.thread().run(() -> found(found));
          } catch (PotluckException e) {
            host.thread().run(() -> hopeless(e));
          }
        });
  }

  private void found(List<Holder> found) {
    finding = false;
    found.forEach(this::know);
    tell(new Event.HoldersFound(candidates()));
  }

  /// Nobody will have it any more: who is in use may still finish it.
  private void hopeless(PotluckException why) {
    finding = false;
    if (download.holders() == 0 && !done.isDone()) {
      fail(why);
    }
  }

  private void distrust(PeerId peer, boolean dropped, String why) {
    Holder holder = holders.get(peer);
    host.distrust(peer, holder == null ? peer.text() : holder.name(), dropped, why);
  }

  private void stuck(boolean corrupt, String why) {
    trouble =
        corrupt
            ? new CorruptException("every copy that could be reached is damaged: " + why)
            : new UnavailableException(why + "; try again with --wait, or when a holder is up");
    if (!download.deliveredBytes().isEmpty()) {
      // It went well until now: a holder that was only busy, or is looked for again, has a moment.
      deadlineNanos = Math.max(deadlineNanos, host.thread().nowNanos() + MOMENT_NANOS);
    }
    if (!download.isOnDemand()) { // Readers have deadlines of their own.
      host.thread().runAt(deadlineNanos, this::giveUpWhenLate);
    }
    giveUpWhenLate();
  }

  private void complete() {
    try {
      done.complete(partial.finish());
    } catch (PotluckException e) {
      done.completeExceptionally(e);
    }
    end();
  }

  /// Ends the download; what has come stays for the next time.
  void fail(PotluckException why) {
    if (done.completeExceptionally(why)) {
      end();
    }
  }

  private void end() {
    running.values().stream()
        .flatMap(m -> m.values().stream())
        .distinct()
        .toList()
        .forEach(Run::cancel);
    running.clear();
    swarm.end();
    host.dropIfIdle(swarm);
  }

  /// Something the run's transfer says, on the exchange thread.
  void verified(Run run, int piece, int lengthBytes) {
    forget(run, piece);
    trouble = null;
    swarm.gained(piece, run.holder().peer());
    tell(new Event.Verified(run.holder().peer(), piece, lengthBytes));
  }

  void corrupt(Run run, int piece) {
    forget(run, piece);
    tell(new Event.Corrupt(run.holder().peer(), piece));
  }

  void spoilt(Run run, int piece) {
    forget(run, piece);
    tell(new Event.Refused(run.holder().peer(), piece, "what was kept of it was damaged"));
  }

  void received(Run run, long bytes) {
    tell(new Event.Received(run.holder().peer(), bytes));
  }

  /// The run is over; pieces that were not delivered will not come from it.
  void over(Run run, TransferOutcome outcome) {
    PeerId peer = run.holder().peer();
    List<Integer> undelivered = run.undelivered();
    undelivered.forEach(piece -> forget(run, piece));
    switch (outcome) {
      case TransferOutcome.Complete _, TransferOutcome.Cancelled _ -> {}
      case TransferOutcome.SinkFailed(var cause) ->
          fail(new FailedException("cannot store: " + cause.getMessage(), cause));
      case TransferOutcome.Violated(var why) -> distrust(peer, false, why);
      case TransferOutcome.Lost _ when !swarm.isLinked(peer) -> tell(new Event.HolderLost(peer));
      default -> {}
    }
    undelivered.stream()
        .filter(piece -> !run.isWithdrawn(piece))
        .forEach(piece -> tell(new Event.Refused(peer, piece, String.valueOf(outcome))));
  }

  private void forget(Run run, int piece) {
    Map<Integer, Run> ofPeer = running.get(run.holder().peer());
    if (ofPeer != null) {
      ofPeer.remove(piece, run);
    }
  }

  Swarms host() {
    return host;
  }

  ContentId content() {
    return partial.content();
  }
}
