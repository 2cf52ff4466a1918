package dev.potluck.cli;

import com.google.protobuf.ByteString;
import dev.potluck.content.ContentHasher;
import dev.potluck.content.ContentId;
import dev.potluck.content.Name;
import dev.potluck.content.Root;
import dev.potluck.directory.Endpoint;
import dev.potluck.directory.Load;
import dev.potluck.directory.PeerId;
import dev.potluck.wire.DirectoryClient;
import dev.potluck.wire.DirectoryService;
import dev.potluck.wire.Greeting;
import dev.potluck.wire.Identity;
import dev.potluck.wire.PartyTls;
import dev.potluck.wire.PeerService;
import dev.potluck.wire.SeatService;
import dev.potluck.wire.Ticket;
import dev.potluck.wire.WireServer;
import dev.potluck.wire.WireThreads;
import dev.potluck.wire.v1.AnnouncementMessage;
import dev.potluck.wire.v1.DirectoryGrpc;
import dev.potluck.wire.v1.EndpointMessage;
import dev.potluck.wire.v1.FactMessage;
import dev.potluck.wire.v1.HeartbeatMessage;
import dev.potluck.wire.v1.HelloMessage;
import dev.potluck.wire.v1.HoldsMessage;
import dev.potluck.wire.v1.SessionReply;
import dev.potluck.wire.v1.SessionRequest;
import dev.potluck.wire.v1.VersionMessage;
import io.grpc.ManagedChannel;
import io.grpc.netty.GrpcSslContexts;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.stub.StreamObserver;
import io.netty.handler.ssl.util.InsecureTrustManagerFactory;
import java.io.IOException;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/// A member of a closed party, with a certificate like everyone's, that announces and serves
/// whatever a test wants: messages go out as they are made, unchecked.
final class LyingMember implements AutoCloseable, PeerService {
  private static final String LOOPBACK = "127.0.0.1";
  private static final Duration LIMIT = Duration.ofSeconds(20);

  private final WireThreads threads = new WireThreads();
  private final Endpoint directory;
  private final Path identityFolder;
  private final WireServer control;
  private final LyingPort bulk;
  private final ManagedChannel channel;
  private final StreamObserver<SessionRequest> session;
  private final BlockingQueue<SessionReply> replies = new LinkedBlockingQueue<>();
  private long sequence;

  /// Joins the party of a ticket.
  LyingMember(String name, Path folder, String ticketText)
      throws IOException, GeneralSecurityException, InterruptedException {
    identityFolder = folder;
    var identity = Identity.loadOrCreate(folder);
    var ticket = Ticket.parse(ticketText);
    directory = ticket.addresses().getFirst();
    if (identity.credential().isEmpty()) {
      identity.install(
          DirectoryClient.enrol(threads, identity, ticket, InstantSource.system(), LIMIT));
    }
    var tls = PartyTls.closed(identity, _ -> false, InstantSource.system());
    control =
        WireServer.start(
            threads,
            tls,
            new Endpoint(LOOPBACK, 0),
            service(DirectoryService.class),
            this,
            service(SeatService.class));
    bulk = new LyingPort(folder);
    channel = channel();
    session = DirectoryGrpc.newStub(channel).session(new Ears());
    session.onNext(
        SessionRequest.newBuilder()
            .setHello(
                HelloMessage.newBuilder()
                    .setName(name)
                    .setControl(endpoint(control.port()))
                    .setBulk(endpoint(bulk.port())))
            .build());
    await(SessionReply.ReplyCase.WELCOME);
  }

  private final class Ears implements StreamObserver<SessionReply> {
    @Override
    public void onNext(SessionReply reply) {
      replies.add(reply);
    }

    @Override
    public void onError(Throwable failure) {
      replies.add(SessionReply.newBuilder().setEnded(failure.toString()).build());
    }

    @Override
    public void onCompleted() {
      replies.add(SessionReply.newBuilder().setEnded("completed").build());
    }
  }

  private ManagedChannel channel() throws IOException {
    var ssl =
        GrpcSslContexts.forClient()
            .keyManager(
                identityFolder.resolve("identity.pem").toFile(),
                identityFolder.resolve("identity.key").toFile())
            .trustManager(InsecureTrustManagerFactory.INSTANCE)
            .build();
    return NettyChannelBuilder.forAddress(directory.host(), directory.port())
        .sslContext(ssl)
        .build();
  }

  private static EndpointMessage endpoint(int port) {
    return EndpointMessage.newBuilder().setHost(LOOPBACK).setPort(port).build();
  }

  /// A service that this member does not offer.
  private static <T> T service(Class<T> type) {
    return type.cast(
        Proxy.newProxyInstance(
            LyingMember.class.getClassLoader(),
            new Class<?>[] {type},
            (_, _, _) -> {
              throw new dev.potluck.content.UnavailableException("no directory here");
            }));
  }

  /// Waits for a reply of that kind; others before it are skipped.
  SessionReply await(SessionReply.ReplyCase kind) throws InterruptedException {
    while (true) {
      var reply = replies.poll(LIMIT.toSeconds(), TimeUnit.SECONDS);
      if (reply == null) {
        throw new AssertionError("the directory said no " + kind);
      }
      if (reply.getReplyCase() == kind) {
        return reply;
      }
    }
  }

  /// Has something, and says so truly; what it then sends of it is a lie.
  void offers(String name, byte[] bytes, Lie lie) throws IOException {
    var hashed = hashed(bytes);
    bulk.offer(hashed.content(), bytes, hashed.layer(), lie);
    announces(holds(name, 1, hashed.content()));
  }

  /// Claims to have what cannot be.
  ///
  /// @param rootOfOther the root is that of something shorter, else of nothing
  /// @return what it claims to have
  ContentId offersFalsely(String name, byte[] bytes, boolean rootOfOther, long size)
      throws IOException {
    var other = hashed(Arrays.copyOf(bytes, bytes.length - 1)).content().root().bytes();
    if (!rootOfOther) {
      other[0] ^= 1;
    }
    var content = new ContentId(Root.of(other), size);
    bulk.offer(content, bytes, hashed(bytes).layer(), Lie.NONE);
    announces(holds(name, 1, content));
    return content;
  }

  private static ContentHasher.Hashed hashed(byte[] bytes) throws IOException {
    return new ContentHasher(Runnable::run, 1)
        .hash(
            (position, target) -> {
              var count = (int) Math.min(target.remaining(), bytes.length - position);
              target.put(bytes, (int) position, count);
              return count;
            },
            bytes.length);
  }

  /// Sends these facts.
  void announces(FactMessage... facts) {
    session.onNext(
        SessionRequest.newBuilder()
            .setAnnouncement(
                AnnouncementMessage.newBuilder()
                    .setSequence(++sequence)
                    .addAllFacts(List.of(facts)))
            .build());
  }

  void beats(HeartbeatMessage heartbeat) {
    session.onNext(SessionRequest.newBuilder().setHeartbeat(heartbeat).build());
  }

  static FactMessage holds(String name, long number, ContentId content) {
    return FactMessage.newBuilder()
        .setHolds(
            HoldsMessage.newBuilder()
                .setName(name)
                .setVersion(version(number, content))
                .setWhole(true))
        .build();
  }

  static VersionMessage version(long number, ContentId content) {
    return VersionMessage.newBuilder()
        .setNumber(number)
        .setRoot(ByteString.copyFrom(content.root().bytes()))
        .setSize(content.size())
        .setMode(0644)
        .build();
  }

  @Override
  public Load load(PeerId caller) {
    return new Load(Integer.MAX_VALUE, Integer.MAX_VALUE);
  }

  @Override
  public Greeting greet(PeerId caller, Greeting told) {
    return told;
  }

  @Override
  public boolean adopt(PeerId caller, List<Name> names) {
    return true;
  }

  @Override
  public boolean reaches(PeerId caller, PeerId other) {
    return false;
  }

  @Override
  public BitSet locate(PeerId caller, List<ContentId> contents) {
    var everything = new BitSet();
    everything.set(0, contents.size());
    return everything;
  }

  @Override
  public void close() {
    channel.shutdownNow();
    bulk.close();
    control.close();
    threads.close();
  }
}
