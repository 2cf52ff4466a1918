package dev.potluck.wire;

import dev.potluck.content.UnavailableException;
import dev.potluck.directory.Endpoint;
import dev.potluck.directory.PeerId;
import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientCall;
import io.grpc.ClientInterceptor;
import io.grpc.ForwardingClientCall.SimpleForwardingClientCall;
import io.grpc.ForwardingClientCallListener.SimpleForwardingClientCallListener;
import io.grpc.Grpc;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.netty.NettyChannelBuilder;
import io.netty.channel.ChannelOption;
import io.netty.channel.epoll.EpollChannelOption;
import io.netty.handler.ssl.SslContext;
import java.net.InetSocketAddress;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLSession;

/// Control connections to other machines: one each, made when needed, closed when idle, thrown away
/// when they fail, so that the next call tries anew at once. Thread-safe.
final class ControlChannels implements AutoCloseable {
  private static final int CONNECT_MILLIS = 4_000;
  private static final int IDLE_MINUTES = 2;
  private static final String ANYONE = "party.potluck";

  private record Line(ManagedChannel channel, PeerSeen seen) {}

  private final WireThreads threads;
  private final SslContext ssl;
  private final Map<String, Line> lines = new ConcurrentHashMap<>();
  private volatile boolean closed;

  ControlChannels(WireThreads threads, SslContext ssl) {
    this.threads = threads;
    this.ssl = ssl;
  }

  /// @param expected who must be there, if the caller knows
  /// @throws UnavailableException if these connections are closed: a call would find no event loop
  Channel to(Endpoint address, Optional<PeerId> expected) {
    return line(address, expected).channel;
  }

  private Line line(Endpoint address, Optional<PeerId> expected) {
    Line line = lines.computeIfAbsent(key(address, expected), _ -> open(address, expected));
    if (closed) {
      line.channel.shutdownNow();
      throw new UnavailableException(address + " is not asked any more: this machine is leaving");
    }
    return line;
  }

  private static String key(Endpoint address, Optional<PeerId> expected) {
    return expected.map(PeerId::text).orElse("") + "@" + address;
  }

  private Line open(Endpoint address, Optional<PeerId> expected) {
    PeerSeen seen = new PeerSeen();
    NettyChannelBuilder builder =
        NettyChannelBuilder.forAddress(new InetSocketAddress(address.host(), address.port()))
            .overrideAuthority(expected.map(PartyTrust::hostOf).orElse(ANYONE))
            .sslContext(ssl)
            .eventLoopGroup(threads.control())
            .channelType(threads.clientChannel())
            .executor(threads.workers())
            .proxyDetector(_ -> null)
            .disableRetry()
            .disableServiceConfigLookUp()
            .flowControlWindow(WireServer.WINDOW_BYTES)
            .maxInboundMessageSize(WireLimits.MESSAGE_BYTES)
            .idleTimeout(IDLE_MINUTES, TimeUnit.MINUTES)
            .intercept(seen)
            .withOption(ChannelOption.ALLOCATOR, threads.buffers())
            .withOption(ChannelOption.CONNECT_TIMEOUT_MILLIS, CONNECT_MILLIS)
            .withOption(ChannelOption.SO_KEEPALIVE, true);
    if (threads.hasEpoll()) {
      builder.withOption(EpollChannelOption.TCP_USER_TIMEOUT, WireServer.SILENT_MILLIS);
    }
    return new Line(builder.build(), seen);
  }

  /// Who answered there last.
  Optional<PeerId> seen(Endpoint address, Optional<PeerId> expected) {
    return line(address, expected).seen.last();
  }

  /// Closes a connection that has failed, unless it was replaced already.
  void drop(Endpoint address, Optional<PeerId> expected) {
    Line line = lines.remove(key(address, expected));
    if (line != null) {
      line.channel.shutdownNow();
    }
  }

  /// Closes all connections to a peer.
  void disconnect(PeerId peer) {
    lines
        .entrySet()
        .removeIf(
            entry -> {
              boolean same =
                  entry.getKey().startsWith(peer.text())
                      || entry.getValue().seen.last().filter(peer::equals).isPresent();
              if (same) {
                entry.getValue().channel.shutdownNow();
              }
              return same;
            });
  }

  @Override
  public void close() {
    closed = true;
    lines.values().forEach(line -> line.channel.shutdownNow());
    lines.clear();
  }

  /// Notes which id the connection proved.
  private static final class PeerSeen implements ClientInterceptor {
    private volatile Optional<PeerId> last = Optional.empty();

    Optional<PeerId> last() {
      return last;
    }

    @Override
    public <Q, A> ClientCall<Q, A> interceptCall(
        MethodDescriptor<Q, A> method, CallOptions options, Channel next) {
      return new SimpleForwardingClientCall<>(next.newCall(method, options)) {
        @Override
        public void start(Listener<A> listener, Metadata headers) {
          super.start(
              new SimpleForwardingClientCallListener<A>(listener) {
                @Override
                public void onHeaders(Metadata received) {
                  SSLSession session = getAttributes().get(Grpc.TRANSPORT_ATTR_SSL_SESSION);
                  if (session != null && last.isEmpty()) {
                    last = PartyTls.peerOf(session);
                  }
                  super.onHeaders(received);
                }
              },
              headers);
        }
      };
    }
  }
}
