package dev.potluck.wire;

import dev.potluck.content.ContentId;
import dev.potluck.content.PieceLayer;
import dev.potluck.content.PieceSet;
import dev.potluck.content.Pieces;
import dev.potluck.content.UsageException;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// One end of an availability exchange, the same on both sides. What waits to be sent is one
/// message of bounded size, however slow the reader is. Belongs to the exchange thread.
@SuppressWarnings("FutureReturnValueIgnored") // Netty: what fails closes the channel
final class AvailabilityLink implements AvailabilitySink {
  /// Nobody can have so many pieces: their sets would not fit into memory.
  static final long CONTENT_BYTES_MAX = (long) PieceLayer.MAX_PIECES * Pieces.MAX_LENGTH;

  private final ContentId content;
  private final int count;
  private @Nullable AvailabilityHandler handler;
  private @Nullable Channel channel;
  private @Nullable PieceSet pieces;
  private @Nullable Boolean guided;
  private @Nullable Boolean bound;
  private List<Integer> suggested = new ArrayList<>();
  private List<Integer> coming = new ArrayList<>();
  private List<Integer> enough = new ArrayList<>();
  private boolean open = true;

  /// @throws UsageException if the content is longer than {@link #CONTENT_BYTES_MAX}
  AvailabilityLink(ContentId content) {
    if (content.size() > CONTENT_BYTES_MAX) {
      throw new UsageException("a content of " + content.size() + " bytes is not exchanged");
    }
    this.content = content;
    this.count = content.pieces().count();
  }

  ContentId content() {
    return content;
  }

  /// How many pieces the content has.
  int count() {
    return count;
  }

  /// Who is told what the other side says; nothing was said yet.
  void to(AvailabilityHandler told) {
    handler = told;
  }

  /// The way is there.
  void begin(Channel begun) {
    channel = begun;
    if (open) {
      flush();
    } else {
      begun.close();
    }
  }

  @Override
  public boolean available(PieceSet delta) {
    if (delta.count() != count) {
      throw new IllegalArgumentException("pieces over " + delta.count() + ", not " + count);
    }
    PieceSet waiting = pieces;
    if (waiting == null) {
      pieces = delta.copy();
    } else {
      waiting.addAll(delta);
    }
    return open;
  }

  @Override
  public boolean accept(boolean guiding) {
    guided = guiding;
    return open;
  }

  @Override
  public boolean suggest(List<Integer> more, boolean binding) {
    bound = binding;
    more.forEach(piece -> add(suggested, piece));
    return open;
  }

  @Override
  public boolean decline(int piece, boolean comes) {
    add(comes ? coming : enough, piece);
    return open;
  }

  private void add(List<Integer> list, int piece) {
    if (piece < 0 || piece >= count) {
      throw new IllegalArgumentException("piece " + piece + " of " + count);
    }
    if (list.size() < WireLimits.SUGGESTIONS) {
      list.add(piece);
    }
  }

  @Override
  public void flush() {
    Channel to = channel;
    if (to == null || !open || !to.isWritable()) {
      return;
    }
    var frame = new AvailabilityFrame(pieces, guided, bound, suggested, coming, enough);
    if (frame.isEmpty()) {
      return;
    }
    ByteBuf bytes = to.alloc().directBuffer();
    frame.write(bytes);
    pieces = null;
    guided = null;
    bound = null;
    suggested.clear();
    coming.clear();
    enough.clear();
    // Last: a channel that was full may call this again from within.
    to.writeAndFlush(bytes, to.voidPromise());
  }

  /// The other side said this.
  void heard(AvailabilityFrame frame) {
    AvailabilityHandler told = handler;
    if (told == null) {
      return;
    }
    if (frame.pieces() != null) {
      told.available(frame.pieces());
    }
    if (frame.guided() != null) {
      told.accepted(frame.guided());
    }
    if (frame.bound() != null) {
      told.suggested(frame.suggested(), frame.bound());
    }
    frame.coming().forEach(piece -> told.declined(piece, true));
    frame.enough().forEach(piece -> told.declined(piece, false));
  }

  @Override
  public void close() {
    open = false;
    if (channel != null) {
      channel.close();
    }
  }

  /// It is over, or never came to be: tells the handler, once.
  void over() {
    open = false;
    AvailabilityHandler told = handler;
    handler = null;
    if (told != null) {
      told.closed();
    }
  }
}
