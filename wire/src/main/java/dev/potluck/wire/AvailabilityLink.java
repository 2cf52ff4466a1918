package dev.potluck.wire;

import com.google.protobuf.ByteString;
import dev.potluck.content.ContentId;
import dev.potluck.content.PieceSet;
import dev.potluck.content.UsageException;
import dev.potluck.wire.v1.AvailabilityMessage;
import dev.potluck.wire.v1.AvailabilityMessage.Guidance;
import io.grpc.stub.CallStreamObserver;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/// One end of an availability exchange, the same on both sides. What waits to be sent is one set of
/// pieces and one list of suggestions, however slow the reader is. Thread-safe.
final class AvailabilityLink implements AvailabilitySink {
  private final int count;
  private final AtomicBoolean over = new AtomicBoolean();
  private @Nullable CallStreamObserver<AvailabilityMessage> stream;
  private @Nullable PieceSet waiting;
  private final ArrayDeque<Integer> suggestions = new ArrayDeque<>();
  private final ArrayDeque<Integer> coming = new ArrayDeque<>();
  private final ArrayDeque<Integer> busy = new ArrayDeque<>();
  private Guidance guidance = Guidance.UNSAID;
  private boolean open = true;

  AvailabilityLink(ContentId content) {
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
    flush();
    return open;
  }

  @Override
  public synchronized boolean suggest(List<Integer> pieces, boolean bound) {
    if (pieces.size() > WireLimits.SUGGESTIONS) {
      throw new IllegalArgumentException(pieces.size() + " suggestions");
    }
    pieces.forEach(piece -> add(suggestions, piece));
    guidance = bound ? Guidance.BOUND : Guidance.FREE;
    flush();
    return open;
  }

  @Override
  public synchronized boolean decline(int piece, boolean fromElsewhere) {
    add(fromElsewhere ? coming : busy, piece);
    flush();
    return open;
  }

  private static void add(ArrayDeque<Integer> pieces, int piece) {
    pieces.add(piece);
    if (pieces.size() > WireLimits.SUGGESTIONS) {
      pieces.remove();
    }
  }

  private boolean hasNews() {
    return waiting != null || guidance != Guidance.UNSAID || !coming.isEmpty() || !busy.isEmpty();
  }

  synchronized void flush() {
    CallStreamObserver<AvailabilityMessage> to = stream;
    if (to == null || !open || !to.isReady() || !hasNews()) {
      return;
    }
    AvailabilityMessage.Builder message = AvailabilityMessage.newBuilder();
    PieceSet pieces = waiting;
    if (pieces != null) {
      byte[] bitmap = pieces.toBytes();
      // An index takes two or three bytes, so few pieces of a large content go as a list.
      if (pieces.cardinality() * 3L < bitmap.length) {
        pieces.stream().forEach(message::addPieces);
      } else {
        message.setBitmap(ByteString.copyFrom(bitmap));
      }
    }
    message
        .addAllSuggested(suggestions)
        .setGuidance(guidance)
        .addAllComing(coming)
        .addAllBusy(busy);
    waiting = null;
    guidance = Guidance.UNSAID;
    suggestions.clear();
    coming.clear();
    busy.clear();
    to.onNext(message.build());
  }

  /// Hands on what the other side says.
  ///
  /// @throws UsageException if it is out of bounds
  void take(AvailabilityMessage message, AvailabilityHandler handler) {
    piecesIn(message).ifPresent(handler::available);
    if (message.getGuidance() == Guidance.BOUND || message.getGuidance() == Guidance.FREE) {
      handler.suggested(
          pieces(message.getSuggestedList()), message.getGuidance() == Guidance.BOUND);
    }
    pieces(message.getComingList()).forEach(piece -> handler.declined(piece, true));
    pieces(message.getBusyList()).forEach(piece -> handler.declined(piece, false));
  }

  private List<Integer> pieces(List<Integer> listed) {
    return ValueCodec.list(listed, WireLimits.SUGGESTIONS, this::checked);
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
