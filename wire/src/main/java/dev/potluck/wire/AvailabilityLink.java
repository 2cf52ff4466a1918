package dev.potluck.wire;

import com.google.protobuf.ByteString;
import dev.potluck.content.ContentId;
import dev.potluck.content.PieceLayer;
import dev.potluck.content.PieceSet;
import dev.potluck.content.Pieces;
import dev.potluck.content.UsageException;
import dev.potluck.wire.v1.AvailabilityMessage;
import io.grpc.stub.CallStreamObserver;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/// One end of an availability exchange, the same on both sides. What waits to be sent is one
/// message of bounded size, however slow the reader is. Thread-safe.
final class AvailabilityLink implements AvailabilitySink {
  private final int count;
  private final AtomicBoolean over = new AtomicBoolean();
  private @Nullable CallStreamObserver<AvailabilityMessage> stream;
  private @Nullable PieceSet waiting;
  private AvailabilityMessage.Builder outgoing = AvailabilityMessage.newBuilder();
  private boolean open = true;

  /// @throws UsageException if nobody can have so many pieces: their sets would not fit into memory
  AvailabilityLink(ContentId content) {
    if (content.size() > (long) PieceLayer.MAX_PIECES * Pieces.MAX_LENGTH) {
      throw new UsageException("a content of " + content.size() + " bytes is not exchanged");
    }
    this.count = content.pieces().count();
  }

  /// The stream is there.
  synchronized void begin(CallStreamObserver<AvailabilityMessage> begun) {
    stream = begun;
    flush();
  }

  @Override
  public synchronized boolean available(PieceSet delta) {
    if (delta.count() != count) {
      throw new IllegalArgumentException("pieces over " + delta.count() + ", not " + count);
    }
    if (waiting == null) {
      waiting = delta.copy();
    } else {
      waiting.addAll(delta);
    }
    return open;
  }

  @Override
  public synchronized boolean accept(boolean guided) {
    outgoing.setGuided(guided);
    return open;
  }

  @Override
  public synchronized boolean suggest(List<Integer> pieces, boolean bound) {
    int room = WireLimits.SUGGESTIONS - outgoing.getSuggestedCount();
    pieces.stream().limit(room).map(this::checked).forEach(outgoing::addSuggested);
    outgoing.setBound(bound);
    return open;
  }

  @Override
  public synchronized boolean decline(int piece, boolean coming) {
    if (coming && outgoing.getDeclinedComingCount() < WireLimits.SUGGESTIONS) {
      outgoing.addDeclinedComing(checked(piece));
    } else if (!coming && outgoing.getDeclinedEnoughCount() < WireLimits.SUGGESTIONS) {
      outgoing.addDeclinedEnough(checked(piece));
    }
    return open;
  }

  @Override
  public synchronized void flush() {
    CallStreamObserver<AvailabilityMessage> to = stream;
    if (to == null || !open || !to.isReady()) {
      return;
    }
    PieceSet pieces = waiting;
    if (pieces != null) {
      byte[] bitmap = pieces.toBytes();
      // An index takes two or three bytes, so few pieces of a large content go as a list.
      if (pieces.cardinality() * 3L < bitmap.length) {
        pieces.stream().forEach(outgoing::addPieces);
      } else {
        outgoing.setBitmap(ByteString.copyFrom(bitmap));
      }
    }
    AvailabilityMessage message = outgoing.build();
    if (message.getSerializedSize() > 0) {
      waiting = null;
      outgoing = AvailabilityMessage.newBuilder();
      to.onNext(message);
    }
  }

  /// Hands on what the other side says.
  ///
  /// @throws UsageException if it is out of bounds
  void take(AvailabilityMessage message, AvailabilityHandler handler) {
    piecesIn(message).ifPresent(handler::available);
    if (message.hasGuided()) {
      handler.accepted(message.getGuided());
    }
    if (message.hasBound()) {
      handler.suggested(bounded(message.getSuggestedList()), message.getBound());
    }
    bounded(message.getDeclinedComingList()).forEach(piece -> handler.declined(piece, true));
    bounded(message.getDeclinedEnoughList()).forEach(piece -> handler.declined(piece, false));
  }

  private List<Integer> bounded(List<Integer> pieces) {
    return ValueCodec.list(pieces, WireLimits.SUGGESTIONS, this::checked);
  }

  private Optional<PieceSet> piecesIn(AvailabilityMessage message) {
    if (message.getBitmap().isEmpty() && message.getPiecesCount() == 0) {
      return Optional.empty();
    }
    if (message.getBitmap().size() > count / 8 + 1) {
      throw new UsageException("a bitmap of more than " + count + " pieces");
    }
    PieceSet pieces = PieceSet.of(message.getBitmap().toByteArray(), count);
    message.getPiecesList().forEach(piece -> pieces.add(checked(piece)));
    return Optional.of(pieces);
  }

  private int checked(int piece) {
    if (piece < 0 || piece >= count) {
      throw new UsageException("piece " + piece + " of " + count);
    }
    return piece;
  }

  @Override
  public synchronized void close() {
    CallStreamObserver<AvailabilityMessage> to = stream;
    if (open && to != null) {
      open = false;
      to.onCompleted();
    }
    open = false;
  }

  synchronized void fail(Throwable why) {
    CallStreamObserver<AvailabilityMessage> to = stream;
    if (open && to != null) {
      open = false;
      to.onError(why);
    }
  }

  /// Tells the handler, once, that it is over.
  void over(AvailabilityHandler handler) {
    synchronized (this) {
      open = false;
    }
    if (over.compareAndSet(false, true)) {
      handler.closed();
    }
  }
}
