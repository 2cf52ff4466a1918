package dev.potluck.wire;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelConfig;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.channel.epoll.EpollChannelOption;
import io.netty.handler.codec.LengthFieldBasedFrameDecoder;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;

/// A connection that carries an availability exchange: reads what the other side says and hands it
/// to the exchange thread, without another thread if that is the one that reads.
@SuppressWarnings("FutureReturnValueIgnored") // Netty: what fails closes the channel
final class AvailabilityFrames extends SimpleChannelInboundHandler<ByteBuf> {
  private static final RareLog LOG = new RareLog();

  /// Beyond it what is said is merged until the other side reads.
  private static final WriteBufferWaterMark WINDOW = new WriteBufferWaterMark(8 << 10, 32 << 10);

  /// An exchange may be silent for as long as nothing happens: the kernels ask each other.
  private static final int PROBE_AFTER_SECONDS = 10;

  private static final int PROBE_EVERY_SECONDS = 5;

  /// So many messages may wait for the exchange thread; then the connection is not read until all
  /// are done.
  private static final int HANDED_MAX = 32;

  private final AvailabilityLink link;
  private final EventLoop exchange;
  private final AtomicInteger handed = new AtomicInteger();

  private AvailabilityFrames(AvailabilityLink link, EventLoop exchange) {
    this.link = link;
    this.exchange = exchange;
  }

  /// Makes an exchange of a connection from which all other protocols but TLS are gone. On its
  /// event loop.
  static void install(Channel channel, AvailabilityLink link, WireThreads threads) {
    ChannelConfig config = channel.config();
    config.setWriteBufferWaterMark(WINDOW);
    config.setOption(ChannelOption.SO_KEEPALIVE, true);
    if (threads.hasEpoll()) {
      config.setOption(EpollChannelOption.TCP_KEEPIDLE, PROBE_AFTER_SECONDS);
      config.setOption(EpollChannelOption.TCP_KEEPINTVL, PROBE_EVERY_SECONDS);
      config.setOption(EpollChannelOption.TCP_USER_TIMEOUT, WireServer.SILENT_MILLIS);
    }
    int length = AvailabilityFrame.LENGTH_BYTES;
    channel
        .pipeline()
        .addLast(
            new LengthFieldBasedFrameDecoder(
                AvailabilityFrame.bytesMax(link.count()) + length, 0, length, 0, length),
            new AvailabilityFrames(link, threads.exchangeLoop()));
  }

  @Override
  protected void channelRead0(ChannelHandlerContext context, ByteBuf message) {
    AvailabilityFrame frame = AvailabilityFrame.read(message, link.count());
    if (exchange.inEventLoop()) {
      link.heard(frame);
      return;
    }
    Channel channel = context.channel();
    if (handed.incrementAndGet() == HANDED_MAX) {
      channel.config().setAutoRead(false);
    }
    onExchange(
        () -> {
          link.heard(frame);
          if (handed.decrementAndGet() == 0 && !channel.config().isAutoRead()) {
            channel.config().setAutoRead(true);
          }
        });
  }

  @Override
  public void channelWritabilityChanged(ChannelHandlerContext context) {
    if (context.channel().isWritable()) {
      onExchange(link::flush);
    }
  }

  @Override
  public void channelInactive(ChannelHandlerContext context) {
    onExchange(link::over);
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
    LOG.info("exchange: closed " + context.channel().remoteAddress() + ": " + cause.getMessage());
    context.close();
  }

  private void onExchange(Runnable task) {
    onExchange(exchange, task);
  }

  static void onExchange(EventLoop exchange, Runnable task) {
    if (exchange.inEventLoop()) {
      task.run();
      return;
    }
    try {
      exchange.execute(task);
    } catch (RejectedExecutionException e) {
      // The process ends: nobody is left to be told.
    }
  }
}
