package dev.potluck.wire;

import com.google.protobuf.ByteString;
import dev.potluck.content.ContentId;
import dev.potluck.directory.PeerId;
import dev.potluck.wire.v1.EmptyMessage;
import dev.potluck.wire.v1.GreetingMessage;
import dev.potluck.wire.v1.LoadMessage;
import dev.potluck.wire.v1.LocateReply;
import dev.potluck.wire.v1.LocateRequest;
import dev.potluck.wire.v1.PeerGrpc;
import dev.potluck.wire.v1.ReachReply;
import dev.potluck.wire.v1.ReachRequest;
import dev.potluck.wire.v1.WhereaboutsMessage;
import io.grpc.stub.StreamObserver;
import java.time.Instant;
import java.util.List;

/// The gRPC face of a {@link PeerService}.
final class PeerCalls extends PeerGrpc.PeerImplBase {
  private final PeerService service;

  PeerCalls(PeerService service) {
    this.service = service;
  }

  @Override
  public void load(EmptyMessage request, StreamObserver<LoadMessage> out) {
    PeerId caller = Callers.current();
    Serving.answer(out, () -> ValueCodec.message(service.load(caller)));
  }

  @Override
  public void probe(EmptyMessage request, StreamObserver<EmptyMessage> out) {
    Serving.answer(out, EmptyMessage::getDefaultInstance);
  }

  @Override
  public void locate(LocateRequest request, StreamObserver<LocateReply> out) {
    PeerId caller = Callers.current();
    Serving.answer(
        out,
        () -> {
          List<ContentId> contents =
              ValueCodec.list(request.getContentsList(), WireLimits.LOCATE_IDS, ValueCodec::of);
          byte[] here = service.locate(caller, contents).toByteArray();
          return LocateReply.newBuilder().setHere(ByteString.copyFrom(here)).build();
        });
  }

  @Override
  public void greet(GreetingMessage request, StreamObserver<GreetingMessage> out) {
    PeerId caller = Callers.current();
    Serving.answer(out, () -> greeting(service.greet(caller, whereabouts(request))));
  }

  @Override
  public void reach(ReachRequest request, StreamObserver<ReachReply> out) {
    PeerId caller = Callers.current();
    Serving.answer(
        out,
        () -> {
          PeerId other = PeerId.of(request.getPeer());
          boolean reached = service.reaches(caller, other, ValueCodec.of(request.getControl()));
          return ReachReply.newBuilder().setReached(reached).build();
        });
  }

  static GreetingMessage greeting(List<Whereabouts> members) {
    return GreetingMessage.newBuilder()
        .addAllMembers(
            members.stream().limit(WireLimits.WHEREABOUTS).map(PeerCalls::message).toList())
        .build();
  }

  static List<Whereabouts> whereabouts(GreetingMessage greeting) {
    return ValueCodec.list(greeting.getMembersList(), WireLimits.WHEREABOUTS, PeerCalls::of);
  }

  private static WhereaboutsMessage message(Whereabouts member) {
    return WhereaboutsMessage.newBuilder()
        .setPeer(member.peer().text())
        .setControl(ValueCodec.message(member.control()))
        .setBulk(ValueCodec.message(member.bulk()))
        .setSinceMillis(member.since().toEpochMilli())
        .build();
  }

  private static Whereabouts of(WhereaboutsMessage message) {
    return new Whereabouts(
        PeerId.of(message.getPeer()),
        ValueCodec.of(message.getControl()),
        ValueCodec.of(message.getBulk()),
        Instant.ofEpochMilli(message.getSinceMillis()));
  }
}
