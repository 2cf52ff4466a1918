package dev.potluck.wire;

import dev.potluck.content.ContentId;
import dev.potluck.directory.PeerId;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.DefaultHttpContent;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpObject;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslHandshakeCompletionEvent;
import io.netty.handler.timeout.IdleStateEvent;
import io.netty.handler.timeout.IdleStateHandler;
import io.netty.util.ReferenceCountUtil;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;

/// The server's end of one bulk connection: takes requests, answers them one after the other. State
/// belongs to the connection's event loop; what blocks runs on a virtual thread, one at a time, one
/// buffer ahead of what the socket takes.
@SuppressWarnings("FutureReturnValueIgnored") // Netty: what fails closes the channel
final class BulkConnection extends SimpleChannelInboundHandler<HttpObject> {
  private static final int PIPELINED_MAX = 4;

  @SuppressWarnings("ArrayRecordComponent") // never compared
  private record Asked(BulkRequest request, boolean keepAlive, byte[] posted) {}

  private final BulkServing serving;
  private final ArrayDeque<Asked> waiting = new ArrayDeque<>();
  private @Nullable PeerId client;
  private @Nullable Asked reading;
  private byte[] posted = new byte[0];
  private int postedLength;
  private BulkAnswers.@Nullable Answer answer;
  private boolean busy;
  private boolean filling;
  private boolean keepAlive = true;
  private boolean moreToFill;

  BulkConnection(BulkServing serving) {
    this.serving = serving;
  }

  @Override
  public void userEventTriggered(ChannelHandlerContext context, Object event) {
    if (event instanceof SslHandshakeCompletionEvent done && done.isSuccess()) {
      client = PartyTls.peerOf(context.pipeline().get(SslHandler.class)).orElse(null);
    } else if (event instanceof IdleStateEvent) {
      // Nothing was read and nothing could be written for long: gone, or not interested.
      context.close();
    }
  }

  @Override
  protected void channelRead0(ChannelHandlerContext context, HttpObject message) {
    if (message instanceof HttpRequest head) {
      BulkRequest request = BulkRequest.of(head);
      posted = new byte[request instanceof BulkRequest.Batch batch ? batch.bodyBytes() : 0];
      postedLength = 0;
      reading = new Asked(request, HttpUtil.isKeepAlive(head), posted);
      if (request instanceof BulkRequest.Malformed) {
        // Answered at once, whatever body was to follow: the connection ends with it.
        take(context, reading);
      }
    }
    if (message instanceof HttpContent content && reading != null) {
      int length = content.content().readableBytes();
      if (length > posted.length - postedLength) {
        context.close();
        return;
      }
      content.content().readBytes(posted, postedLength, length);
      postedLength += length;
    }
    if (message instanceof LastHttpContent && reading != null) {
      take(context, reading);
    }
  }

  private void take(ChannelHandlerContext context, Asked asked) {
    waiting.add(asked);
    reading = null;
    if (waiting.size() >= PIPELINED_MAX) {
      context.channel().config().setAutoRead(false);
    }
    next(context);
  }

  private void next(ChannelHandlerContext context) {
    if (busy || waiting.isEmpty() || !context.channel().isActive()) {
      return;
    }
    Asked asked = waiting.remove();
    PeerId by = client;
    if (by == null || serving.tls().denies(by)) {
      context.close();
      return;
    }
    context.channel().config().setAutoRead(waiting.size() < PIPELINED_MAX);
    if (asked.request instanceof BulkRequest.Exchange(var content)
        && content.size() <= AvailabilityLink.CONTENT_BYTES_MAX) {
      exchange(context, content, by);
      return;
    }
    busy = true;
    filling = true;
    keepAlive = asked.keepAlive;
    serving.began();
    submit(context, () -> open(context, asked, by));
  }

  /// Gives way to an availability exchange.
  private void exchange(ChannelHandlerContext context, ContentId content, PeerId by) {
    if (!waiting.isEmpty()) {
      // What was asked for behind it would be taken for a part of the exchange.
      context.close();
      return;
    }
    var agreed =
        new DefaultFullHttpResponse(
            HttpVersion.HTTP_1_1, HttpResponseStatus.SWITCHING_PROTOCOLS, Unpooled.EMPTY_BUFFER);
    agreed.headers().set(HttpHeaderNames.CONNECTION, HttpHeaderValues.UPGRADE);
    agreed.headers().set(HttpHeaderNames.UPGRADE, BulkRequest.PROTOCOL);
    context.writeAndFlush(agreed, context.voidPromise());
    ChannelPipeline pipeline = context.pipeline();
    serving.exchange(context.channel(), by, new AvailabilityLink(content));
    pipeline.remove(IdleStateHandler.class);
    pipeline.remove(this);
    pipeline.remove(HttpServerCodec.class);
  }

  /// On a virtual thread: finds the answer and its first bytes.
  private void open(ChannelHandlerContext context, Asked asked, PeerId by) {
    BulkAnswers.Answer found;
    try {
      found = serving.answers().to(asked.request, by, asked.posted);
    } catch (IOException | RuntimeException e) {
      found = BulkAnswers.failure(e);
    }
    BulkAnswers.Answer opened = found;
    if (opened.bodyless()) {
      inLoop(context, () -> begin(context, opened, null, false));
    } else {
      fill(context, opened, true);
    }
  }

  /// On a virtual thread: one more buffer.
  private void fill(ChannelHandlerContext context, BulkAnswers.Answer from, boolean first) {
    int size = serving.bufferBytes();
    ByteBuf buffer = context.alloc().directBuffer(size, size);
    try {
      var target = buffer.nioBuffer(0, size);
      boolean more = from.body().fill(target);
      buffer.writerIndex(target.position());
      inLoop(
          context,
          () -> {
            if (first) {
              begin(context, from, buffer, more);
            } else {
              send(context, buffer, more);
            }
          });
    } catch (IOException | RuntimeException e) {
      buffer.release();
      inLoop(context, () -> cut(context, from, e));
    }
  }

  private void begin(
      ChannelHandlerContext context,
      BulkAnswers.Answer opened,
      @Nullable ByteBuf buffer,
      boolean more) {
    answer = opened;
    if (!context.channel().isActive()) {
      ReferenceCountUtil.release(buffer);
      finish();
      return;
    }
    keepAlive &= !opened.end();
    context.write(opened.head(), context.voidPromise());
    if (buffer == null) {
      filling = false;
      end(context);
    } else {
      send(context, buffer, more);
    }
  }

  private void send(ChannelHandlerContext context, ByteBuf buffer, boolean more) {
    filling = false;
    moreToFill = more;
    if (!context.channel().isActive()) {
      buffer.release();
      finish();
      return;
    }
    // The next buffer is read while this one is encrypted, unless the socket is behind.
    refill(context);
    serving.sent(buffer.readableBytes());
    context.write(new DefaultHttpContent(buffer), context.voidPromise());
    if (more) {
      context.flush();
    } else {
      end(context);
    }
  }

  private void refill(ChannelHandlerContext context) {
    BulkAnswers.Answer from = answer;
    if (from != null && moreToFill && !filling && context.channel().isWritable()) {
      filling = true;
      submit(context, () -> fill(context, from, false));
    }
  }

  private void end(ChannelHandlerContext context) {
    var written = context.writeAndFlush(LastHttpContent.EMPTY_LAST_CONTENT);
    if (!keepAlive) {
      written.addListener(_ -> context.close());
    }
    finish();
    next(context);
  }

  private void cut(ChannelHandlerContext context, BulkAnswers.Answer from, Exception why) {
    serving.failed(from, why);
    answer = from;
    filling = false;
    finish();
    context.close();
  }

  private void finish() {
    moreToFill = false;
    if (busy) {
      busy = false;
      serving.ended();
    }
    BulkAnswers.Answer done = answer;
    answer = null;
    if (done != null) {
      done.body().close();
    }
  }

  private void submit(ChannelHandlerContext context, Runnable task) {
    try {
      serving.workers().execute(task);
    } catch (RejectedExecutionException e) {
      filling = false;
      finish();
      context.close();
    }
  }

  private static void inLoop(ChannelHandlerContext context, Runnable task) {
    context.executor().execute(task);
  }

  @Override
  public void channelWritabilityChanged(ChannelHandlerContext context) {
    refill(context);
  }

  @Override
  public void channelInactive(ChannelHandlerContext context) {
    waiting.clear();
    if (!filling) {
      finish();
    }
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
    serving.refused(context.channel().remoteAddress(), cause);
    context.close();
  }
}
