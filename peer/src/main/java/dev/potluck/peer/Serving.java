package dev.potluck.peer;

import dev.potluck.content.ContentId;
import dev.potluck.content.Name;
import dev.potluck.content.PieceSet;
import dev.potluck.content.Pieces;
import dev.potluck.directory.Load;
import dev.potluck.directory.PeerId;
import dev.potluck.wire.AvailabilityHandler;
import dev.potluck.wire.AvailabilityService;
import dev.potluck.wire.AvailabilitySink;
import dev.potluck.wire.BulkSource;
import dev.potluck.wire.Greeting;
import dev.potluck.wire.PeerService;
import dev.potluck.wire.Served;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;

/// What this peer does for others: content and exchanges over the bulk port, answers over the
/// control port.
final class Serving implements PeerService, BulkSource, AvailabilityService {
  private final Share share;
  private final Swarms swarms;
  private final Supplier<Load> load;
  private final int corruptEvery;
  private final Greeted greeted;
  private final Reach reach;
  private final Adoptions adoptions;
  private final Uploads uploads = new Uploads();
  private final AtomicLong piecesServed = new AtomicLong();

  /// What to answer to a greeting.
  @FunctionalInterface
  interface Greeted {
    Greeting by(PeerId caller, Greeting told);
  }

  /// Whether another member answers.
  @FunctionalInterface
  interface Reach {
    boolean answers(PeerId member);
  }

  /// @param corruptEvery every so many-th piece is damaged on its way out, for tests and
  ///   demonstrations; 0: none
  Serving(
      Share share,
      Swarms swarms,
      Supplier<Load> load,
      Greeted greeted,
      Reach reach,
      Adoptions adoptions,
      int corruptEvery) {
    this.adoptions = adoptions;
    this.reach = reach;
    this.greeted = greeted;
    this.share = share;
    this.swarms = swarms;
    this.load = load;
    this.corruptEvery = corruptEvery;
  }

  /// How many uploads run now.
  int uploads() {
    return uploads.count(System.nanoTime());
  }

  @Override
  public Load load(PeerId caller) {
    return load.get();
  }

  @Override
  public BitSet locate(PeerId caller, List<ContentId> contents) {
    BitSet here = new BitSet();
    for (int i = 0; i < contents.size(); i++) {
      if (share.has(contents.get(i))) {
        here.set(i);
      }
    }
    return here;
  }

  @Override
  public boolean reaches(PeerId caller, PeerId other) {
    return reach.answers(other);
  }

  @Override
  public boolean adopt(PeerId caller, List<Name> names) {
    return adoptions.adopt(caller, names);
  }

  @Override
  public Greeting greet(PeerId caller, Greeting told) {
    return greeted.by(caller, told);
  }

  @Override
  public AvailabilityHandler availability(PeerId caller, ContentId content, AvailabilitySink sink) {
    return swarms.accept(caller, content, sink);
  }

  @Override
  public Optional<Served> open(PeerId client, ContentId content) {
    Optional<Partial> partial = swarms.partial(content);
    if (partial.isPresent()) {
      return Optional.of(new ServedContent(client, partial.get(), partial.get()::verified, false));
    }
    return share.open(content).map(open -> whole(client, open));
  }

  /// Only what is here is counted: the pieces of an invented size would not fit into memory.
  private ServedContent whole(PeerId client, OpenContent open) {
    PieceSet all = PieceSet.all(open.content().pieces().count());
    return new ServedContent(client, open, () -> all, true);
  }

  /// One answer under way.
  private final class ServedContent implements Served {
    private final PeerId client;
    private final OpenContent open;
    private final Supplier<PieceSet> here;
    private final boolean owned;

    /// What was asked for and not sent yet: from here on, up to there.
    private long unsentFrom;

    private long unsentTo;

    /// @param owned whether this answer opened the content for itself
    ServedContent(PeerId client, OpenContent open, Supplier<PieceSet> here, boolean owned) {
      this.client = client;
      this.open = open;
      this.here = here;
      this.owned = owned;
      uploads.begin(client, open.content());
    }

    @Override
    public boolean has(long offset, long lengthBytes) {
      Pieces pieces = open.content().pieces();
      if (lengthBytes == 0) {
        return true;
      }
      int first = pieces.pieceAt(offset);
      int last = pieces.pieceAt(offset + lengthBytes - 1);
      PieceSet verified = here.get();
      for (int piece = first; piece <= last; piece++) {
        if (!verified.contains(piece)) {
          return false;
        }
      }
      unsentFrom = offset;
      unsentTo = offset + lengthBytes;
      swarms.onSwarm(open.content(), swarm -> swarm.asked(client, first, last - first + 1));
      return true;
    }

    @Override
    public int read(long position, ByteBuffer target) throws IOException {
      int from = target.position();
      int count = open.read(position, target);
      unsentFrom = position + Math.max(0, count);
      if (corruptEvery > 0 && count > 0) {
        damage(position, count, target, from);
      }
      return count;
    }

    /// Flips the first byte of every so many-th piece.
    private void damage(long position, int count, ByteBuffer target, int from) {
      int length = open.content().pieces().pieceLength();
      long start = Math.ceilDiv(position, (long) length) * length;
      for (long at = start; at < position + count; at += length) {
        if (piecesServed.incrementAndGet() % corruptEvery == 0) {
          int index = from + (int) (at - position);
          target.put(index, (byte) ~target.get(index));
        }
      }
    }

    @Override
    public byte[] layer() {
      return open.layer().bytes();
    }

    @Override
    public void close() {
      uploads.end(client, open.content(), System.nanoTime());
      if (unsentFrom < unsentTo) {
        Pieces pieces = open.content().pieces();
        int first = pieces.pieceAt(unsentFrom);
        int count = pieces.pieceAt(unsentTo - 1) - first + 1;
        swarms.onSwarm(open.content(), swarm -> swarm.unsent(client, first, count));
      }
      if (owned) {
        open.close();
      }
    }
  }
}
