package dev.potluck.wire;

import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.ServerChannel;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/// The few threads and the bounded buffers that all connections of one process share: one event
/// loop for control, two for bulk and one for the exchange, epoll where there is one. Blocking
/// calls of services and sinks run on virtual threads.
@SuppressWarnings("FutureReturnValueIgnored") // Netty: what fails closes the channel
public final class WireThreads implements AutoCloseable {
  private static final int BULK_LOOPS = 2;
  private static final int PAGE_BYTES = 8 << 10;

  /// Arenas grow by 8 KiB << 8 = 2 MiB.
  private static final int CHUNK_ORDER = 8;

  private final boolean epoll = Epoll.isAvailable();
  private final EventLoopGroup control = loops("potluck-control", 1);
  private final EventLoopGroup bulk = loops("potluck-bulk", BULK_LOOPS);
  private final EventLoop exchange = loops("exchange", 1).next();
  private final ExecutorService workers =
      Executors.newThreadPerTaskExecutor(Thread.ofVirtual().name("wire-", 0).factory());
  private final PooledByteBufAllocator buffers =
      new PooledByteBufAllocator(true, 0, BULK_LOOPS, PAGE_BYTES, CHUNK_ORDER, 64, 16, false);

  public WireThreads() {}

  private EventLoopGroup loops(String name, int count) {
    IoHandlerFactory io = epoll ? EpollIoHandler.newFactory() : NioIoHandler.newFactory();
    return new MultiThreadIoEventLoopGroup(count, new DefaultThreadFactory(name, true), io);
  }

  EventLoopGroup control() {
    return control;
  }

  EventLoopGroup bulk() {
    return bulk;
  }

  EventLoop exchangeLoop() {
    return exchange;
  }

  /// The exchange thread: what neighbours say of their pieces is read on it and handed on without
  /// another thread. The exchange's state machines run there too; nothing on it may wait.
  public ScheduledExecutorService exchange() {
    return exchange;
  }

  ExecutorService workers() {
    return workers;
  }

  ByteBufAllocator buffers() {
    return buffers;
  }

  boolean hasEpoll() {
    return epoll;
  }

  /// Memory the buffers have reserved, in bytes.
  long reservedBytes() {
    return buffers.metric().usedDirectMemory();
  }

  Class<? extends Channel> clientChannel() {
    return epoll ? EpollSocketChannel.class : NioSocketChannel.class;
  }

  ServerChannel newServerChannel() {
    return epoll ? new EpollServerSocketChannel() : new NioServerSocketChannel();
  }

  /// Ends all threads within about a second. Close servers and clients first.
  @Override
  public void close() {
    workers.shutdownNow();
    var first = control.shutdownGracefully(0, 1, TimeUnit.SECONDS);
    var second = bulk.shutdownGracefully(0, 1, TimeUnit.SECONDS);
    var third = exchange.shutdownGracefully(0, 1, TimeUnit.SECONDS);
    first.awaitUninterruptibly(2, TimeUnit.SECONDS);
    second.awaitUninterruptibly(2, TimeUnit.SECONDS);
    third.awaitUninterruptibly(2, TimeUnit.SECONDS);
  }
}
