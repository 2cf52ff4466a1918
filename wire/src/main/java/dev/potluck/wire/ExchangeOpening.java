package dev.potluck.wire;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.HttpClientCodec;
import io.netty.handler.codec.http.HttpObject;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.handler.ssl.SslHandshakeCompletionEvent;
import io.netty.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// The client's end of a connection that is to become an availability exchange: asks for it, and
/// gives way when the holder agrees. On the exchange thread.
@SuppressWarnings("FutureReturnValueIgnored") // Netty: what fails closes the channel
final class ExchangeOpening extends SimpleChannelInboundHandler<HttpObject> {
  private static final int ANSWER_SECONDS = 10;

  private final AvailabilityLink link;
  private final FullHttpRequest request;
  private final WireThreads threads;
  private @Nullable Future<?> limit;
  private boolean agreed;

  ExchangeOpening(AvailabilityLink link, FullHttpRequest request, WireThreads threads) {
    this.link = link;
    this.request = request;
    this.threads = threads;
  }

  @Override
  public void userEventTriggered(ChannelHandlerContext context, Object event) {
    if (event instanceof SslHandshakeCompletionEvent done) {
      if (done.isSuccess()) {
        context.writeAndFlush(request, context.voidPromise());
        limit =
            context.executor().schedule(() -> context.close(), ANSWER_SECONDS, TimeUnit.SECONDS);
      } else {
        context.close();
      }
    }
  }

  @Override
  protected void channelRead0(ChannelHandlerContext context, HttpObject message) {
    if (message instanceof HttpResponse head) {
      agreed =
          head.decoderResult().isSuccess()
              && head.status().equals(HttpResponseStatus.SWITCHING_PROTOCOLS);
    }
    if (!agreed) {
      context.close();
    } else if (message instanceof LastHttpContent) {
      ends();
      AvailabilityFrames.install(context.channel(), link, threads);
      context.pipeline().remove(this);
      // What came behind the answer goes on to the frames.
      context.pipeline().remove(HttpClientCodec.class);
      link.begin(context.channel());
    }
  }

  private void ends() {
    if (limit != null) {
      limit.cancel(false);
    }
  }

  @Override
  public void channelInactive(ChannelHandlerContext context) {
    ends();
    link.over();
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
    context.close();
  }
}
