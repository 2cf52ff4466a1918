package dev.potluck.wire;

import dev.potluck.content.ContentId;
import dev.potluck.content.PieceLayer;
import dev.potluck.content.Root;
import dev.potluck.directory.Endpoint;
import dev.potluck.directory.PeerId;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.DefaultFullHttpRequest;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpVersion;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;

/// Fetches content from other peers, over up to four kept connections a holder. Nothing it hands on
/// is verified. Any thread; calls return at once. A connection that stands still for 15 s, not
/// because of the sink, is given up.
@SuppressWarnings("FutureReturnValueIgnored") // Netty: what fails closes the channel
public final class BulkClient implements AutoCloseable {
  private static final int HOLDERS_MAX = 1_024;

  private record Holder(Endpoint address, PeerId peer) {}

  private final WireThreads threads;
  private final PartyTls tls;
  private final Map<Holder, HolderConnections> holders = new ConcurrentHashMap<>();
  private final ExchangeConnections exchanges;

  public BulkClient(WireThreads threads, PartyTls tls) {
    this.threads = threads;
    this.tls = tls;
    this.exchanges = new ExchangeConnections(threads, tls);
  }

  /// Fetches a range of a content.
  ///
  /// @param expected whom to talk to: anyone else at that address is refused
  public Transfer fetch(
      Endpoint holder,
      PeerId expected,
      ContentId content,
      long offset,
      long lengthBytes,
      BulkSink sink) {
    if (offset < 0 || lengthBytes < 1 || offset > content.size() - lengthBytes) {
      throw new IllegalArgumentException(lengthBytes + " bytes at " + offset + " of " + content);
    }
    FullHttpRequest request = get(BulkRequest.CONTENT + content, expected);
    String range = "bytes=" + offset + "-" + (offset + lengthBytes - 1);
    request.headers().set(HttpHeaderNames.RANGE, range);
    var body = new RangeBody(offset, lengthBytes, sink);
    return submit(holder, expected, new BulkCall(request, body, lengthBytes));
  }

  /// Fetches the hashes of a content's pieces; there are none to ask for if it has at most one.
  public CompletableFuture<LayerOutcome> layer(
      Endpoint holder, PeerId expected, ContentId content) {
    int count = content.pieces().count();
    if (count <= 1) {
      return CompletableFuture.completedFuture(new LayerOutcome.Layer(new byte[0]));
    }
    if (count > PieceLayer.MAX_PIECES) {
      throw new IllegalArgumentException("too many pieces: " + content);
    }
    byte[] hashes = new byte[count * Root.BYTES];
    BulkSink sink =
        (position, bytes) -> bytes.get(hashes, Math.toIntExact(position), bytes.remaining());
    var body = new RangeBody(0, hashes.length, sink);
    FullHttpRequest request = get(BulkRequest.LAYER + content, expected);
    return submit(holder, expected, new BulkCall(request, body, hashes.length))
        .outcome()
        .thenApply(
            outcome ->
                outcome instanceof TransferOutcome.Complete
                    ? new LayerOutcome.Layer(hashes)
                    : new LayerOutcome.NoLayer(outcome));
  }

  /// Fetches several small contents in one round trip.
  ///
  /// @param contents at most {@link WireLimits#BATCH_IDS}, together at most {@link
  ///   WireLimits#BATCH_BYTES}
  public Transfer batch(
      Endpoint holder, PeerId expected, List<ContentId> contents, BatchSink sink) {
    List<ContentId> asked = List.copyOf(contents);
    long sum = asked.stream().mapToLong(c -> Math.min(c.size(), WireLimits.BATCH_BYTES + 1)).sum();
    if (asked.isEmpty() || asked.size() > WireLimits.BATCH_IDS || sum > WireLimits.BATCH_BYTES) {
      throw new IllegalArgumentException(asked.size() + " contents of " + sum + " bytes");
    }
    byte[] ids = BatchFrames.encoded(asked);
    FullHttpRequest request =
        new DefaultFullHttpRequest(
            HttpVersion.HTTP_1_1, HttpMethod.POST, BulkRequest.BATCH, Unpooled.wrappedBuffer(ids));
    request.headers().set(HttpHeaderNames.HOST, PartyTrust.hostOf(expected));
    request.headers().set(HttpHeaderNames.CONTENT_LENGTH, ids.length);
    return submit(holder, expected, new BulkCall(request, new BatchBody(asked, sink), -1));
  }

  /// Opens an exchange about who has which pieces, over a connection of its own; it ends with the
  /// handler's `closed`, also if that peer can't be reached. Belongs to the exchange thread, unlike
  /// the others.
  ///
  /// @return what is said there before the peer is reached waits
  public AvailabilitySink exchange(
      Endpoint holder, PeerId expected, ContentId content, AvailabilityHandler handler) {
    return exchanges.open(holder, expected, content, handler);
  }

  static FullHttpRequest exchange(ContentId content, PeerId expected) {
    FullHttpRequest request = get(BulkRequest.EXCHANGE + content, expected);
    request.headers().set(HttpHeaderNames.CONNECTION, HttpHeaderValues.UPGRADE);
    request.headers().set(HttpHeaderNames.UPGRADE, BulkRequest.PROTOCOL);
    return request;
  }

  private static FullHttpRequest get(String path, PeerId expected) {
    var request =
        new DefaultFullHttpRequest(
            HttpVersion.HTTP_1_1, HttpMethod.GET, path, Unpooled.EMPTY_BUFFER);
    request.headers().set(HttpHeaderNames.HOST, PartyTrust.hostOf(expected));
    return request;
  }

  private Transfer submit(Endpoint address, PeerId expected, BulkCall call) {
    if (tls.denies(expected)) {
      call.end(new TransferOutcome.Refused("peer " + expected + " was expelled"));
      return call;
    }
    if (holders.size() > HOLDERS_MAX) {
      holders.values().removeIf(HolderConnections::isUnused);
    }
    holders
        .computeIfAbsent(
            new Holder(address, expected),
            key -> new HolderConnections(threads, tls, key.address, key.peer))
        .submit(call);
    return call;
  }

  /// Closes all connections to a peer; its transfers end as lost.
  public void disconnect(PeerId peer) {
    exchanges.disconnect(peer);
    holders
        .entrySet()
        .removeIf(
            entry -> {
              boolean same = entry.getKey().peer.equals(peer);
              if (same) {
                entry.getValue().close();
              }
              return same;
            });
  }

  @Override
  public void close() {
    exchanges.close();
    holders.values().forEach(HolderConnections::close);
    holders.clear();
  }

  /// Bytes that go to a sink as they are.
  private static final class RangeBody implements BulkCall.Body {
    private final BulkSink sink;
    private final long end;
    private long position;

    RangeBody(long offset, long lengthBytes, BulkSink sink) {
      this.sink = sink;
      this.position = offset;
      this.end = offset + lengthBytes;
    }

    @Override
    public void accept(ByteBuffer bytes) throws IOException {
      int length = bytes.remaining();
      if (length > end - position) {
        throw new BulkCall.BadAnswer("more bytes than were asked for");
      }
      sink.write(position, bytes);
      position += length;
    }

    @Override
    public boolean mayBlock() {
      return sink.mayBlock();
    }

    @Override
    public boolean isComplete() {
      return position == end;
    }
  }
}
