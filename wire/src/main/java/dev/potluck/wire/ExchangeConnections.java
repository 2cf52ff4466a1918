package dev.potluck.wire;

import dev.potluck.content.ContentId;
import dev.potluck.directory.Endpoint;
import dev.potluck.directory.PeerId;
import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.handler.codec.http.HttpClientCodec;
import io.netty.handler.ssl.SslHandler;
import java.net.InetSocketAddress;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;

/// The availability exchanges this side opened: a connection to the holder's bulk port each, read
/// and written by the exchange thread itself. Thread-safe.
@SuppressWarnings("FutureReturnValueIgnored") // Netty: what fails closes the channel
final class ExchangeConnections {
  private final WireThreads threads;
  private final PartyTls tls;
  private final Map<Channel, PeerId> open = new ConcurrentHashMap<>();
  private volatile boolean closed;

  ExchangeConnections(WireThreads threads, PartyTls tls) {
    this.threads = threads;
    this.tls = tls;
  }

  /// On the exchange thread, which hears nothing of it before this returns.
  AvailabilitySink open(
      Endpoint holder, PeerId expected, ContentId content, AvailabilityHandler handler) {
    AvailabilityLink link = new AvailabilityLink(content);
    link.to(handler);
    try {
      // Names are looked up elsewhere: that can take long.
      threads.workers().execute(() -> connect(holder, expected, link));
    } catch (RejectedExecutionException e) {
      over(link);
    }
    return link;
  }

  private void connect(Endpoint holder, PeerId expected, AvailabilityLink link) {
    var address = new InetSocketAddress(holder.host(), holder.port());
    if (address.isUnresolved() || closed || tls.denies(expected)) {
      over(link);
      return;
    }
    new Bootstrap()
        .group(threads.exchangeLoop())
        .channel(threads.clientChannel())
        .option(ChannelOption.ALLOCATOR, threads.buffers())
        .option(ChannelOption.TCP_NODELAY, true)
        .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, HolderConnections.CONNECT_MILLIS)
        .handler(
            new ChannelInitializer<>() {
              @Override
              protected void initChannel(Channel channel) {
                pipeline(channel, holder, expected, link);
              }
            })
        .connect(address)
        .addListener(
            done -> {
              if (!done.isSuccess()) {
                over(link);
              }
            });
  }

  private void pipeline(Channel channel, Endpoint holder, PeerId expected, AvailabilityLink link) {
    open.put(channel, expected);
    channel.closeFuture().addListener(_ -> open.remove(channel));
    if (closed) {
      channel.close();
    }
    SslHandler ssl =
        tls.bulkClient().newHandler(channel.alloc(), PartyTrust.hostOf(expected), holder.port());
    ssl.setHandshakeTimeout(HolderConnections.HANDSHAKE_SECONDS, TimeUnit.SECONDS);
    channel
        .pipeline()
        .addLast(
            ssl,
            new HttpClientCodec(HolderConnections.BOUNDS, false, false),
            new ExchangeOpening(link, BulkClient.exchange(link.content(), expected), threads));
  }

  private void over(AvailabilityLink link) {
    try {
      threads.exchangeLoop().execute(link::over);
    } catch (RejectedExecutionException e) {
      // The process ends: nobody is left to be told.
    }
  }

  void disconnect(PeerId peer) {
    open.forEach(
        (channel, to) -> {
          if (to.equals(peer)) {
            channel.close();
          }
        });
  }

  void close() {
    closed = true;
    open.keySet().forEach(Channel::close);
  }
}
