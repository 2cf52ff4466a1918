package dev.potluck.peer;

import dev.potluck.content.ContentId;
import dev.potluck.content.CorruptException;
import dev.potluck.content.FailedException;
import dev.potluck.content.PieceLayer;
import dev.potluck.content.PieceSet;
import dev.potluck.content.PotluckException;
import dev.potluck.content.UnavailableException;
import dev.potluck.directory.Holder;
import dev.potluck.directory.PeerId;
import dev.potluck.exchange.Estimates;
import dev.potluck.exchange.Event;
import dev.potluck.exchange.LatencyTable;
import dev.potluck.exchange.Selector;
import dev.potluck.wire.AvailabilityHandler;
import dev.potluck.wire.AvailabilitySink;
import dev.potluck.wire.BulkClient;
import dev.potluck.wire.LayerOutcome;
import dev.potluck.wire.TransferOutcome;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;

/// All contents this peer exchanges in pieces, and what their downloads share: the exchange thread,
/// the estimates, the clients. Thread-safe but for what is said to belong to the exchange thread.
final class Swarms implements AutoCloseable {
  private static final Logger LOG = System.getLogger(Swarms.class.getName());

  private final PeerId self;
  private final Share share;
  private final PeerBook book;
  private final ExchangeThread thread;
  private final BulkClient bulk;
  private final Selector selector;
  private final Optional<LatencyTable> latencies;
  private final Transfers transfers;
  private final EventLog events;
  private final Estimates estimates = new Estimates();
  private final RandomGenerator random = new SplittableRandom();
  private final PieceBuffers buffers = new PieceBuffers(48 << 20);

  /// Changed by the exchange thread only.
  private final Map<ContentId, Swarm> swarms = new ConcurrentHashMap<>();

  private final Map<ContentId, Partial> partials = new ConcurrentHashMap<>();

  Swarms(
      PeerId self,
      Share share,
      PeerBook book,
      ExchangeThread thread,
      BulkClient bulk,
      Selector selector,
      Optional<LatencyTable> latencies,
      Transfers transfers,
      EventLog events) {
    this.self = self;
    this.share = share;
    this.book = book;
    this.thread = thread;
    this.bulk = bulk;
    this.selector = selector;
    this.latencies = latencies;
    this.transfers = transfers;
    this.events = events;
  }

  PeerId self() {
    return self;
  }

  ExchangeThread thread() {
    return thread;
  }

  Selector selector() {
    return selector;
  }

  Estimates estimates() {
    return estimates;
  }

  RandomGenerator random() {
    return random;
  }

  PieceBuffers buffers() {
    return buffers;
  }

  BulkClient bulk() {
    return bulk;
  }

  Transfers transfers() {
    return transfers;
  }

  /// What is here of a content that is being fetched.
  Optional<Partial> partial(ContentId content) {
    return Optional.ofNullable(partials.get(content));
  }

  /// How far away a peer is as far as is known, in milliseconds; the latency file's word first.
  Optional<Double> latencyMs(Holder holder) {
    return onThread(
        () -> {
          measure(holder);
          double latency = estimates.of(holder.peer()).latencyMs();
          return Double.isNaN(latency) ? Optional.empty() : Optional.of(latency);
        });
  }

  /// How many pieces of a content a neighbour has said to have; none of one that is no neighbour.
  int piecesOf(PeerId peer, ContentId content) {
    return onThread(
        () -> {
          Swarm swarm = swarms.get(content);
          return swarm == null ? 0 : swarm.piecesOf(peer);
        });
  }

  private <T> T onThread(Supplier<T> question) {
    CompletableFuture<T> answer = new CompletableFuture<>();
    thread.run(() -> answer.complete(question.get()));
    return answer.join();
  }

  /// Fetches a content whole; at most one fetch of a content at a time.
  ///
  /// @param older what may be here and have pieces in common, which are not fetched
  /// @param source who has it, asked again when needed
  /// @param onDemand only what readers want is fetched, until all was or all is wanted
  /// @param deadlineNanos until when to wait for holders
  /// @param watcher is given the fetch, to ask for its progress on the exchange thread
  ReadyContent fetch(
      ContentId content,
      Optional<ContentId> older,
      HolderSource source,
      boolean onDemand,
      long deadlineNanos,
      Consumer<Fetch> watcher)
      throws InterruptedException {
    if (content.pieces().count() > PieceLayer.MAX_PIECES) {
      throw new FailedException(
          "it is said to have " + content.size() + " bytes, more than can be fetched");
    }
    List<Holder> holders = source.holders();
    holders.forEach(holder -> thread.run(() -> measure(holder)));
    Optional<PieceLayer> known = share.begunLayer(content);
    PieceLayer layer =
        known.isPresent() ? known.get() : layer(content, holders, source, deadlineNanos);
    Partial partial = share.resume(layer, !onDemand);
    partials.put(content, partial);
    boolean seeded = false;
    try {
      if (older.isPresent() && !onDemand) {
        seed(partial, older.get());
      }
      seeded = true;
    } finally {
      if (!seeded) {
        partials.remove(content);
        partial.close();
      }
    }
    CompletableFuture<Fetch> begun = new CompletableFuture<>();
    thread.run(
        () -> {
          Swarm swarm = swarmOf(content, partial.verified());
          Fetch fetch = new Fetch(this, swarm, partial, source, holders, onDemand, deadlineNanos);
          swarm.begin(fetch);
          begun.complete(fetch);
          watcher.accept(fetch);
          fetch.start();
          swarm.introduceLinked();
        });
    try {
      if (onDemand) {
        return await(begun);
      }
      try (var _ = transfers.download()) {
        return await(begun);
      }
    } finally {
      partials.remove(content);
      partial.close();
    }
  }

  /// Takes what it can from an older version that is here.
  private void seed(Partial partial, ContentId older) throws InterruptedException {
    if (partial.content().pieces().count() <= 1 || older.pieces().count() <= 1) {
      return;
    }
    Optional<OpenContent> here = share.open(older);
    if (here.isEmpty()) {
      return;
    }
    try (OpenContent open = here.get()) {
      int copied = new SharedPieces(open, partial).copy();
      LOG.log(Level.DEBUG, "{0} pieces of {1} are here already", copied, partial.content());
    } catch (IOException e) {
      LOG.log(Level.INFO, "an older version is no help, all is fetched: {0}", e.getMessage());
    }
  }

  /// Does something with the download of a content on the exchange thread, if there is one.
  void onFetch(ContentId content, Consumer<Fetch> action) {
    onSwarm(
        content,
        swarm -> {
          Fetch fetch = swarm.fetch();
          if (fetch != null) {
            action.accept(fetch);
          }
        });
  }

  void tell(ContentId content, Event event) {
    onFetch(content, fetch -> fetch.tell(event));
  }

  private ReadyContent await(CompletableFuture<Fetch> begun) throws InterruptedException {
    try {
      return begun.get().done().get();
    } catch (InterruptedException e) {
      thread.run(() -> begun.join().fail(new UnavailableException("cancelled")));
      throw e;
    } catch (ExecutionException e) {
      if (e.getCause() instanceof PotluckException known) {
        throw known;
      }
      throw new IllegalStateException(e.getCause());
    }
  }

  /// The piece hashes, from the first holder whose answer leads to the root.
  private PieceLayer layer(
      ContentId content, List<Holder> known, HolderSource source, long deadlineNanos)
      throws InterruptedException {
    if (content.pieces().count() <= 1) {
      return PieceLayer.verified(content, new byte[0]).orElseThrow();
    }
    List<Holder> holders = known;
    Retry retry = new Retry(deadlineNanos);
    while (true) {
      boolean lied = false;
      for (Holder holder : holders) {
        if (holder.peer().equals(self)) {
          continue;
        }
        LayerOutcome outcome = layerFrom(holder, content);
        if (outcome instanceof LayerOutcome.Layer(var hashes)) {
          Optional<PieceLayer> layer = PieceLayer.verified(content, hashes);
          if (layer.isPresent()) {
            return layer.get();
          }
          lied = true;
          distrust(holder.peer(), holder.name(), true, "its piece hashes do not lead to the root");
        } else if (outcome instanceof LayerOutcome.NoLayer(TransferOutcome.Violated(var why))) {
          lied = true;
          distrust(holder.peer(), holder.name(), true, why);
        }
      }
      if (!retry.again()) {
        throw lied
            ? new CorruptException("every holder's piece hashes are wrong")
            : new UnavailableException(
                "no holder is up; try again with --wait, or when one is back");
      }
      holders = source.holders();
    }
  }

  private LayerOutcome layerFrom(Holder holder, ContentId content) throws InterruptedException {
    try {
      return bulk.layer(holder.bulk(), holder.peer(), content).get();
    } catch (ExecutionException e) {
      throw new IllegalStateException("an outcome is never an exception", e);
    }
  }

  /// Serves the other end of an exchange that a peer opened. Exchange thread.
  AvailabilityHandler accept(PeerId caller, ContentId content, AvailabilitySink sink) {
    AvailabilityLink link = new AvailabilityLink(this, content, caller);
    link.opened(sink);
    linked(caller, content, link);
    return link;
  }

  private void linked(PeerId caller, ContentId content, AvailabilityLink link) {
    Partial partial = partials.get(content);
    Swarm swarm = swarms.get(content);
    if (swarm == null && partial == null && !share.holds(content)) {
      link.sink().close();
      return;
    }
    int count = content.pieces().count();
    swarmOf(content, partial == null ? PieceSet.all(count) : partial.verified())
        .linked(caller, link, false);
  }

  /// Calls a holder, to exchange with it about the swarm's content. Exchange thread.
  void link(Swarm swarm, Holder holder) {
    AvailabilityLink link = new AvailabilityLink(this, swarm.content(), holder.peer());
    link.opened(bulk.exchange(holder.bulk(), holder.peer(), swarm.content(), link));
    swarm.linked(holder.peer(), link, true);
  }

  /// Does something with a content's swarm on the exchange thread, if there is one.
  void onSwarm(ContentId content, Consumer<Swarm> action) {
    if (content.pieces().count() <= 1 && !swarms.containsKey(content)) {
      return; // As with thousands of small files, which nobody exchanges in pieces.
    }
    thread.run(() -> withSwarm(content, action));
  }

  /// A neighbour said something about a content. Exchange thread.
  void heard(ContentId content, Consumer<Swarm> what) {
    thread.guarded(() -> withSwarm(content, what));
  }

  private void withSwarm(ContentId content, Consumer<Swarm> action) {
    Swarm swarm = swarms.get(content);
    if (swarm != null) {
      action.accept(swarm);
      dropIfIdle(swarm);
    }
  }

  /// Exchange thread.
  private Swarm swarmOf(ContentId content, PieceSet have) {
    return swarms.computeIfAbsent(content, _ -> new Swarm(this, content, have));
  }

  /// Exchange thread.
  void dropIfIdle(Swarm swarm) {
    if (swarm.isIdle()) {
      swarms.remove(swarm.content(), swarm);
    }
  }

  /// Notes what a directory says of a holder, for the selector. Exchange thread.
  void measure(Holder holder) {
    estimates.load(holder.peer(), holder.load().uploads() + holder.load().downloads());
    latencies.ifPresent(
        table ->
            estimates.emulatedLatency(
                holder.peer(), table.between(book.selfName(), holder.name())));
  }

  /// Where a peer is that called us.
  Optional<Holder> address(PeerId peer) {
    return book.holder(peer);
  }

  void distrust(PeerId peer, String name, boolean dropped, String why) {
    transfers.corrupt(peer, name, why);
    events.add("corrupt", "peer", name, "why", why, "dropped", dropped);
    LOG.log(Level.WARNING, "{0} sent wrong bytes: {1}", name, why);
  }

  void background(String name, Runnable task) {
    Thread.ofVirtual().name(name).start(task);
  }

  @Override
  public void close() {
    thread.run(() -> swarms.values().forEach(Swarm::close));
    thread.close();
  }
}
