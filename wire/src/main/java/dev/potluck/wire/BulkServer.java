package dev.potluck.wire;

import dev.potluck.directory.Endpoint;
import dev.potluck.directory.PeerId;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.ServerChannel;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.handler.codec.http.HttpDecoderConfig;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.timeout.IdleStateHandler;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.concurrent.TimeUnit;

/// The bulk port: content over HTTP/1.1 with Range, over mutual TLS. `GET /content/<root>-<size>`
/// (Range, ETag), `GET /layer/<root>-<size>` (32 bytes a piece), `POST /batch` (see `BatchFrames`);
/// `GET /exchange/<root>-<size>` makes an availability exchange of the connection (see
/// `AvailabilityFrame`). At most 1,024 connections; one that neither sends nor takes anything for a
/// minute is closed, unless it is an exchange.
@SuppressWarnings("FutureReturnValueIgnored") // Netty: what fails closes the channel
public final class BulkServer implements AutoCloseable {
  private static final int CONNECTIONS_MAX = 1_024;
  private static final int IDLE_SECONDS = 60;
  private static final int HANDSHAKE_SECONDS = 10;
  private static final WriteBufferWaterMark WINDOW = new WriteBufferWaterMark(256 << 10, 512 << 10);

  private final Channel channel;
  private final AcceptGate gate;
  private final BulkServing serving;

  private BulkServer(Channel channel, AcceptGate gate, BulkServing serving) {
    this.channel = channel;
    this.gate = gate;
    this.serving = serving;
  }

  /// Listens at once.
  ///
  /// @param listen host and port; port 0 takes any free one
  public static BulkServer start(
      WireThreads threads,
      PartyTls tls,
      Endpoint listen,
      BulkSource source,
      AvailabilityService exchanging)
      throws IOException {
    AcceptGate gate = new AcceptGate("bulk", CONNECTIONS_MAX);
    BulkServing serving = new BulkServing(threads, tls, source, exchanging);
    ChannelFuture bound =
        new ServerBootstrap()
            .group(threads.bulk())
            .channelFactory(() -> gated(threads, gate))
            .option(ChannelOption.SO_REUSEADDR, true)
            .option(ChannelOption.SO_BACKLOG, 512)
            .childOption(ChannelOption.ALLOCATOR, threads.buffers())
            .childOption(ChannelOption.TCP_NODELAY, true)
            .childOption(ChannelOption.WRITE_BUFFER_WATER_MARK, WINDOW)
            .childHandler(
                new ChannelInitializer<>() {
                  @Override
                  protected void initChannel(Channel child) {
                    pipeline(child, tls, serving);
                  }
                })
            .bind(new InetSocketAddress(listen.host(), listen.port()))
            .awaitUninterruptibly();
    if (!bound.isSuccess()) {
      throw new IOException("can't listen at " + listen + ": " + bound.cause().getMessage());
    }
    return new BulkServer(bound.channel(), gate, serving);
  }

  private static ServerChannel gated(WireThreads threads, AcceptGate gate) {
    ServerChannel server = threads.newServerChannel();
    server.pipeline().addLast(gate);
    return server;
  }

  private static void pipeline(Channel child, PartyTls tls, BulkServing serving) {
    SslHandler ssl = tls.bulkServer().newHandler(child.alloc());
    ssl.setHandshakeTimeout(HANDSHAKE_SECONDS, TimeUnit.SECONDS);
    HttpDecoderConfig bounds =
        new HttpDecoderConfig()
            .setMaxInitialLineLength(256)
            .setMaxHeaderSize(4 << 10)
            .setMaxChunkSize(64 << 10);
    child
        .pipeline()
        .addLast(
            ssl,
            new HttpServerCodec(bounds),
            new IdleStateHandler(0, 0, IDLE_SECONDS, TimeUnit.SECONDS),
            new BulkConnection(serving));
  }

  public int port() {
    return ((InetSocketAddress) channel.localAddress()).getPort();
  }

  /// Answers being sent now: this peer's uploads.
  public int activeTransfers() {
    return serving.active();
  }

  /// Bytes of bodies sent since the start.
  public long sentBytes() {
    return serving.sentBytes();
  }

  /// Connections there are now.
  public int connections() {
    return gate.connections();
  }

  /// Closes all connections of a peer.
  public void disconnect(PeerId peer) {
    gate.disconnect(peer);
  }

  /// Stops listening and closes all connections.
  @Override
  public void close() {
    channel.close().awaitUninterruptibly(1, TimeUnit.SECONDS);
    gate.closeAll();
  }
}
