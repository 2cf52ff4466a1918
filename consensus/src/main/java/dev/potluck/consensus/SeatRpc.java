package dev.potluck.consensus;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.Collection;
import org.apache.ratis.conf.Parameters;
import org.apache.ratis.proto.RaftProtos.AppendEntriesReplyProto;
import org.apache.ratis.proto.RaftProtos.AppendEntriesRequestProto;
import org.apache.ratis.proto.RaftProtos.InstallSnapshotReplyProto;
import org.apache.ratis.proto.RaftProtos.InstallSnapshotRequestProto;
import org.apache.ratis.proto.RaftProtos.LogEntryProto;
import org.apache.ratis.proto.RaftProtos.RaftRpcRequestProto;
import org.apache.ratis.proto.RaftProtos.RequestVoteReplyProto;
import org.apache.ratis.proto.RaftProtos.RequestVoteRequestProto;
import org.apache.ratis.proto.RaftProtos.StartLeaderElectionReplyProto;
import org.apache.ratis.proto.RaftProtos.StartLeaderElectionRequestProto;
import org.apache.ratis.proto.RaftProtos.TermIndexProto;
import org.apache.ratis.protocol.RaftPeer;
import org.apache.ratis.protocol.RaftPeerId;
import org.apache.ratis.rpc.RpcType;
import org.apache.ratis.server.RaftServer;
import org.apache.ratis.server.RaftServerRpc;
import org.apache.ratis.server.ServerFactory;
import org.apache.ratis.thirdparty.com.google.protobuf.MessageLite;
import org.apache.ratis.thirdparty.com.google.protobuf.Parser;

/// The engine's messages over a {@link LogTransport}. Seats are called by their ids; where they are
/// is the transport's business, so that the addresses the engine keeps mean nothing.
final class SeatRpc implements RaftServerRpc {
  /// Under this name the engine's factories find the transport.
  private static final String TRANSPORT = "potluck.transport";

  private final LogTransport transport;

  private SeatRpc(LogTransport transport) {
    this.transport = transport;
  }

  /// Made by the engine, which knows it by its class name.
  static final class Type implements RpcType {
    @Override
    public String name() {
      return Type.class.getName();
    }

    @Override
    public ServerFactory newFactory(Parameters parameters) {
      return new Factory(parameters.getNonNull(TRANSPORT, LogTransport.class));
    }
  }

  private record Factory(LogTransport transport) implements ServerFactory {
    @Override
    public RpcType getRpcType() {
      return new Type();
    }

    @Override
    public RaftServerRpc newRaftServerRpc(RaftServer server) {
      return new SeatRpc(transport);
    }
  }

  static Parameters parameters(LogTransport transport) {
    Parameters parameters = new Parameters();
    parameters.put(TRANSPORT, transport, LogTransport.class);
    return parameters;
  }

  private <T> T call(
      LogMessage kind, RaftRpcRequestProto head, MessageLite message, Parser<T> parser)
      throws IOException {
    String seat = RaftPeerId.valueOf(head.getReplyId()).toString();
    return parser.parseFrom(transport.call(seat, kind, message.toByteArray()));
  }

  @Override
  public RequestVoteReplyProto requestVote(RequestVoteRequestProto request) throws IOException {
    return call(
        LogMessage.VOTE, request.getServerRequest(), request, RequestVoteReplyProto.parser());
  }

  @Override
  public AppendEntriesReplyProto appendEntries(AppendEntriesRequestProto request)
      throws IOException {
    return call(
        LogMessage.APPEND, request.getServerRequest(), request, AppendEntriesReplyProto.parser());
  }

  @Override
  public InstallSnapshotReplyProto installSnapshot(InstallSnapshotRequestProto request)
      throws IOException {
    return call(
        LogMessage.SNAPSHOT,
        request.getServerRequest(),
        request,
        InstallSnapshotReplyProto.parser());
  }

  @Override
  public StartLeaderElectionReplyProto startLeaderElection(StartLeaderElectionRequestProto request)
      throws IOException {
    return call(
        LogMessage.ELECTION,
        request.getServerRequest(),
        request,
        StartLeaderElectionReplyProto.parser());
  }

  /// What another seat said, answered by the engine.
  ///
  /// @throws IOException also if the message says that it is of another seat than the one it is
  ///   from
  static byte[] handle(RaftServer server, String from, LogMessage kind, byte[] message)
      throws IOException {
    return switch (kind) {
      case VOTE -> {
        var request = RequestVoteRequestProto.parseFrom(message);
        check(from, request.getServerRequest());
        yield server.requestVote(request).toByteArray();
      }
      case APPEND -> {
        var request = AppendEntriesRequestProto.parseFrom(message);
        check(from, request.getServerRequest());
        yield append(server, request).toByteArray();
      }
      case SNAPSHOT -> {
        var request = InstallSnapshotRequestProto.parseFrom(message);
        check(from, request.getServerRequest());
        yield server.installSnapshot(request).toByteArray();
      }
      case ELECTION -> {
        var request = StartLeaderElectionRequestProto.parseFrom(message);
        check(from, request.getServerRequest());
        yield server.startLeaderElection(request).toByteArray();
      }
    };
  }

  /// The engine lets a new seat vote only when the leader has said, with a later message, that it
  /// is not new any more. A leader that dies before that would leave it without a voice for ever,
  /// and the others without the majority that it was counted for; so whose log has the entry that
  /// admits it hears that here.
  private static AppendEntriesReplyProto append(
      RaftServer server, AppendEntriesRequestProto request) throws IOException {
    AppendEntriesReplyProto reply = server.appendEntries(request);
    boolean appended = reply.getResult() == AppendEntriesReplyProto.AppendResult.SUCCESS;
    if (appended && request.getInitializing() && admits(request, server.getId())) {
      LogEntryProto last = request.getEntries(request.getEntriesCount() - 1);
      server.appendEntries(
          request.toBuilder()
              .clearEntries()
              .setPreviousLog(
                  TermIndexProto.newBuilder().setTerm(last.getTerm()).setIndex(last.getIndex()))
              .setInitializing(false)
              .build());
    }
    return reply;
  }

  private static boolean admits(AppendEntriesRequestProto request, RaftPeerId seat) {
    return request.getEntriesList().stream()
        .filter(LogEntryProto::hasConfigurationEntry)
        .flatMap(entry -> entry.getConfigurationEntry().getPeersList().stream())
        .anyMatch(peer -> RaftPeerId.valueOf(peer.getId()).equals(seat));
  }

  private static void check(String from, RaftRpcRequestProto head) throws IOException {
    String said = RaftPeerId.valueOf(head.getRequestorId()).toString();
    if (!said.equals(from)) {
      throw new IOException(from + " speaks in the name of " + said);
    }
  }

  @Override
  public RpcType getRpcType() {
    return new Type();
  }

  /// Nobody connects to it.
  @Override
  public InetSocketAddress getInetSocketAddress() {
    return InetSocketAddress.createUnresolved("seat", 1);
  }

  @Override
  public void addRaftPeers(Collection<RaftPeer> peers) {
    // The transport knows them by their ids.
  }

  @Override
  public void handleException(RaftPeerId seat, Exception failure, boolean reconnect) {
    // The transport has dropped what is broken.
  }

  @Override
  public void start() {
    // The transport is up already.
  }

  @Override
  public void close() {
    // The transport is closed by who made it.
  }
}
