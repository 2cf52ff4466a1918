package dev.potluck.wire;

import dev.potluck.directory.Endpoint;
import dev.potluck.directory.PeerId;
import dev.potluck.wire.v1.DirectoryGrpc;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.Server;
import io.grpc.ServerCall;
import io.grpc.ServerCallExecutorSupplier;
import io.grpc.netty.NettyServerBuilder;
import io.netty.channel.ChannelOption;
import io.netty.channel.ServerChannel;
import io.netty.channel.epoll.EpollChannelOption;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;

/// The control port: gRPC over mutual TLS 1.3. At most 1,024 connections and 256 calls a
/// connection; strangers are gone after 15 seconds.
public final class WireServer implements AutoCloseable {
  private static final int CONNECTIONS_MAX = 1_024;
  private static final int CALLS_MAX = 256;
  private static final int HANDSHAKE_SECONDS = 10;
  private static final int HEADER_BYTES = 16 << 10;

  /// Set by hand, which also keeps gRPC from measuring it by pings with every message.
  static final int WINDOW_BYTES = 512 << 10;

  /// Who does not acknowledge for so long is gone, even if no one hangs up.
  static final int SILENT_MILLIS = (int) Duration.ofSeconds(15).toMillis();

  private final Server server;
  private final AcceptGate gate;

  private WireServer(Server server, AcceptGate gate) {
    this.server = server;
    this.gate = gate;
  }

  /// Listens at once.
  ///
  /// @param listen host and port; port 0 takes any free one
  public static WireServer start(
      WireThreads threads,
      PartyTls tls,
      Endpoint listen,
      DirectoryService directory,
      PeerService peer,
      SeatService seat)
      throws IOException {
    AcceptGate gate = new AcceptGate("control", CONNECTIONS_MAX);
    Callers callers = new Callers(tls);
    NettyServerBuilder builder =
        NettyServerBuilder.forAddress(new InetSocketAddress(listen.host(), listen.port()))
            .channelFactory(() -> gated(threads, gate))
            .bossEventLoopGroup(threads.control())
            .workerEventLoopGroup(threads.control())
            .executor(threads.workers())
            .callExecutor(new ExecutorOfCall(threads.workers()))
            .sslContext(tls.controlServer())
            .handshakeTimeout(HANDSHAKE_SECONDS, TimeUnit.SECONDS)
            .flowControlWindow(WINDOW_BYTES)
            .maxInboundMessageSize(WireLimits.MESSAGE_BYTES)
            .maxInboundMetadataSize(HEADER_BYTES)
            .maxConcurrentCallsPerConnection(CALLS_MAX)
            .withChildOption(ChannelOption.ALLOCATOR, threads.buffers())
            .withChildOption(ChannelOption.TCP_NODELAY, true)
            .withChildOption(ChannelOption.SO_KEEPALIVE, true)
            .addTransportFilter(callers)
            .intercept(callers)
            .addService(new DirectoryCalls(directory, threads.workers()))
            .addService(new PeerCalls(peer))
            .addService(new SeatCalls(seat));
    if (!tls.isOpen()) {
      builder.addService(new EnrolmentCalls(directory));
    }
    if (threads.hasEpoll()) {
      builder.withChildOption(EpollChannelOption.TCP_USER_TIMEOUT, SILENT_MILLIS);
    }
    try {
      return new WireServer(builder.build().start(), gate);
    } catch (IOException e) {
      throw new IOException("can't listen at " + listen + ": " + e.getMessage(), e);
    }
  }

  /// What is asked of names, and small commits, come often and their handlers do not wait: they are
  /// called by the thread that reads them.
  private record ExecutorOfCall(Executor workers) implements ServerCallExecutorSupplier {
    private static final Set<MethodDescriptor<?, ?>> AT_ONCE =
        Set.of(DirectoryGrpc.getFindMethod(), DirectoryGrpc.getCommitMethod());

    @Override
    public <Q, A> Executor getExecutor(ServerCall<Q, A> call, Metadata headers) {
      return AT_ONCE.contains(call.getMethodDescriptor()) ? Runnable::run : workers;
    }
  }

  private static ServerChannel gated(WireThreads threads, AcceptGate gate) {
    ServerChannel server = threads.newServerChannel();
    server.pipeline().addLast(gate);
    return server;
  }

  public int port() {
    return server.getPort();
  }

  /// Closes all connections of a peer.
  public void disconnect(PeerId peer) {
    gate.disconnect(peer);
  }

  /// Stops listening and closes all connections.
  @Override
  public void close() {
    server.shutdownNow();
    gate.closeAll();
    try {
      if (!server.awaitTermination(2, TimeUnit.SECONDS)) {
        System.getLogger("dev.potluck.wire")
            .log(System.Logger.Level.WARNING, "the control port takes long to close");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
