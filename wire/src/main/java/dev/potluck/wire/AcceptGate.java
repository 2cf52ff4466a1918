package dev.potluck.wire;

import dev.potluck.directory.PeerId;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.ssl.SslHandler;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

/// Stands at a listening socket: bounds how many connections there are and how long one may stay
/// without proving who it is, and can close those of one peer. Accepted sockets pass it before
/// anything is read from them.
@SuppressWarnings("FutureReturnValueIgnored") // Netty: what fails closes the channel
final class AcceptGate extends ChannelInboundHandlerAdapter {
  private static final RareLog LOG = new RareLog();

  /// Beyond so many unproven connections the oldest gives way to the newest.
  private static final int STRANGERS_MAX = 128;

  private static final int STRANGER_SECONDS = 15;

  private final String service;
  private final int connectionsMax;
  private final Set<Channel> all = ConcurrentHashMap.newKeySet();
  private volatile boolean closed;

  /// In order of arrival; touched by the accepting event loop only.
  private final LinkedHashSet<Channel> strangers = new LinkedHashSet<>();

  AcceptGate(String service, int connectionsMax) {
    this.service = service;
    this.connectionsMax = connectionsMax;
  }

  @Override
  public void channelRead(ChannelHandlerContext context, Object message) {
    Channel channel = (Channel) message;
    if (all.size() >= connectionsMax) {
      LOG.info(service + ": too many connections, refused " + channel.remoteAddress());
      channel.unsafe().closeForcibly();
      return;
    }
    all.add(channel);
    if (closed) {
      all.remove(channel);
      channel.unsafe().closeForcibly();
      return;
    }
    strangers.add(channel);
    if (strangers.size() > STRANGERS_MAX) {
      Iterator<Channel> oldest = strangers.iterator();
      Channel gone = oldest.next();
      oldest.remove();
      if (peerOf(gone).isEmpty()) {
        cut(gone);
      }
    }
    channel.closeFuture().addListener(_ -> closed(context, channel));
    var limit =
        context.executor().schedule(() -> introduced(channel), STRANGER_SECONDS, TimeUnit.SECONDS);
    channel.closeFuture().addListener(_ -> limit.cancel(false));
    context.fireChannelRead(channel);
  }

  private void introduced(Channel channel) {
    strangers.remove(channel);
    if (peerOf(channel).isEmpty()) {
      cut(channel);
    }
  }

  private void closed(ChannelHandlerContext context, Channel channel) {
    all.remove(channel);
    if (!context.executor().isShuttingDown()) {
      context.executor().execute(() -> strangers.remove(channel));
    }
    SslHandler handler = channel.pipeline().get(SslHandler.class);
    if (handler == null || !handler.handshakeFuture().isSuccess()) {
      LOG.info(service + ": " + channel.remoteAddress() + " went without a handshake");
    }
  }

  private static Optional<PeerId> peerOf(Channel channel) {
    SslHandler handler = channel.pipeline().get(SslHandler.class);
    return handler == null ? Optional.empty() : PartyTls.peerOf(handler);
  }

  /// Closes all connections of a peer.
  void disconnect(PeerId peer) {
    for (Channel channel : all) {
      if (peerOf(channel).filter(peer::equals).isPresent()) {
        cut(channel);
      }
    }
  }

  /// Closes at once: what HTTP/2 calls close lets running calls end first.
  private static void cut(Channel channel) {
    channel.eventLoop().execute(() -> channel.unsafe().close(channel.newPromise()));
  }

  int connections() {
    return all.size();
  }

  /// Closes all connections and lets no other in.
  void closeAll() {
    closed = true;
    List<Channel> open = new ArrayList<>(all);
    open.forEach(AcceptGate::cut);
    for (Channel channel : open) {
      channel.closeFuture().awaitUninterruptibly(1, TimeUnit.SECONDS);
    }
  }
}
