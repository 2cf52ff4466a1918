package dev.potluck.wire;

import dev.potluck.directory.Endpoint;
import dev.potluck.directory.PeerId;
import io.netty.bootstrap.Bootstrap;
import io.netty.channel.AdaptiveRecvByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.RecvByteBufAllocator;
import io.netty.handler.codec.http.HttpClientCodec;
import io.netty.handler.codec.http.HttpDecoderConfig;
import io.netty.handler.ssl.SslHandler;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// The connections to one holder: up to four, made as calls need them, kept while they are used. A
/// call goes to a free one, else behind another call, else to a new one. Thread-safe.
@SuppressWarnings("FutureReturnValueIgnored") // Netty: what fails closes the channel
final class HolderConnections {
  private static final int CONNECTIONS_MAX = 4;
  private static final int WAITING_MAX = 4_096;
  static final int CONNECT_MILLIS = 5_000;
  static final int HANDSHAKE_SECONDS = 10;
  private static final RecvByteBufAllocator RECEIVE =
      new AdaptiveRecvByteBufAllocator(2 << 10, 64 << 10, 256 << 10);
  static final HttpDecoderConfig BOUNDS =
      new HttpDecoderConfig()
          .setMaxInitialLineLength(256)
          .setMaxHeaderSize(4 << 10)
          .setMaxChunkSize(256 << 10);

  /// One connection that is up.
  private static final class Line {
    private final ChannelHandlerContext context;
    private int calls;

    Line(ChannelHandlerContext context) {
      this.context = context;
    }
  }

  private final WireThreads threads;
  private final PartyTls tls;
  private final Endpoint holder;
  private final PeerId expected;
  private final Map<BulkResponses, Line> lines = new HashMap<>();
  private final ArrayDeque<BulkCall> waiting = new ArrayDeque<>();
  private int connecting;
  private boolean closed;

  HolderConnections(WireThreads threads, PartyTls tls, Endpoint holder, PeerId expected) {
    this.threads = threads;
    this.tls = tls;
    this.holder = holder;
    this.expected = expected;
  }

  PeerId expected() {
    return expected;
  }

  void submit(BulkCall call) {
    call.cancelledBy(() -> withdraw(call));
    boolean connect = false;
    synchronized (this) {
      if (closed || waiting.size() >= WAITING_MAX) {
        call.end(closed ? new TransferOutcome.Lost(0, "closed") : new TransferOutcome.Busy());
        return;
      }
      if (call.isCancelled()) {
        call.end(new TransferOutcome.Cancelled());
        return;
      }
      waiting.add(call);
      dispatch();
      if (lines.size() + connecting < CONNECTIONS_MAX
          && waiting.size() > connecting * BulkResponses.AHEAD) {
        connecting++;
        connect = true;
      }
    }
    if (connect) {
      connect();
    }
  }

  private void withdraw(BulkCall call) {
    boolean here;
    synchronized (this) {
      here = waiting.remove(call);
    }
    if (here) {
      call.end(new TransferOutcome.Cancelled());
    }
  }

  /// Gives waiting calls to the connections with the fewest. Only what is more than these can have
  /// waiting ahead is worth another connection, whose handshake costs as much as a piece.
  private void dispatch() {
    while (!waiting.isEmpty()) {
      Map.Entry<BulkResponses, Line> best = null;
      for (var line : lines.entrySet()) {
        if (best == null || line.getValue().calls < best.getValue().calls) {
          best = line;
        }
      }
      if (best == null || best.getValue().calls >= BulkResponses.AHEAD) {
        return;
      }
      BulkCall call = waiting.remove();
      Line line = best.getValue();
      BulkResponses responses = best.getKey();
      line.calls++;
      line.context.executor().execute(() -> ask(responses, line, call));
    }
  }

  private void ask(BulkResponses responses, Line line, BulkCall call) {
    if (line.context.channel().isActive()) {
      responses.ask(line.context, call);
    } else {
      submit(call);
    }
  }

  private void connect() {
    new Bootstrap()
        .group(threads.bulk())
        .channel(threads.clientChannel())
        .option(ChannelOption.ALLOCATOR, threads.buffers())
        .option(ChannelOption.TCP_NODELAY, true)
        .option(ChannelOption.RECVBUF_ALLOCATOR, RECEIVE)
        .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, CONNECT_MILLIS)
        .handler(
            new ChannelInitializer<>() {
              @Override
              protected void initChannel(Channel channel) {
                pipeline(channel);
              }
            })
        .connect(holder.host(), holder.port())
        .addListener(
            done -> {
              if (!done.isSuccess()) {
                closed(null, done.cause());
              }
            });
  }

  private void pipeline(Channel channel) {
    SslHandler ssl =
        tls.bulkClient().newHandler(channel.alloc(), PartyTrust.hostOf(expected), holder.port());
    ssl.setHandshakeTimeout(HANDSHAKE_SECONDS, TimeUnit.SECONDS);
    BulkLane lane = new BulkLane(channel, threads.workers());
    channel
        .pipeline()
        .addLast(
            ssl,
            new HttpClientCodec(BOUNDS, false, false),
            new BulkResponses(this, lane, new LowWater(channel)));
  }

  /// The handshake is done. On the event loop.
  synchronized void connected(ChannelHandlerContext context, BulkResponses responses) {
    connecting--;
    if (closed) {
      context.close();
      return;
    }
    lines.put(responses, new Line(context));
    dispatch();
  }

  /// An answer is complete.
  synchronized void free(BulkResponses responses) {
    Line line = lines.get(responses);
    if (line != null) {
      line.calls--;
      dispatch();
    }
  }

  /// A connection is gone, or was never made (`responses` is null or unknown then).
  void closed(@Nullable BulkResponses responses, @Nullable Throwable why) {
    List<BulkCall> failed = new ArrayList<>();
    boolean connect = false;
    synchronized (this) {
      boolean wasUp = responses != null && lines.remove(responses) != null;
      if (!wasUp) {
        connecting--;
        if (lines.isEmpty() && connecting == 0) {
          failed.addAll(waiting);
          waiting.clear();
        }
      } else if (!waiting.isEmpty() && lines.isEmpty() && connecting == 0 && !closed) {
        connecting++;
        connect = true;
      }
    }
    TransferOutcome how =
        why != null && TlsRefusal.isOne(why)
            ? new TransferOutcome.Refused(TlsRefusal.describe(why))
            : new TransferOutcome.Lost(
                0, why == null ? "no connection" : "no connection: " + why.getMessage());
    failed.forEach(call -> call.end(how));
    if (connect) {
      connect();
    }
  }

  synchronized boolean isUnused() {
    return lines.isEmpty() && connecting == 0 && waiting.isEmpty();
  }

  void close() {
    List<Line> open;
    List<BulkCall> never;
    synchronized (this) {
      closed = true;
      open = List.copyOf(lines.values());
      never = List.copyOf(waiting);
      waiting.clear();
    }
    open.forEach(line -> line.context.close());
    never.forEach(call -> call.end(new TransferOutcome.Lost(0, "closed")));
  }
}
