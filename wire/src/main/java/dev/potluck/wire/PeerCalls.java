package dev.potluck.wire;

import com.google.protobuf.ByteString;
import dev.potluck.content.ContentId;
import dev.potluck.content.Name;
import dev.potluck.directory.PeerId;
import dev.potluck.wire.v1.AdoptReply;
import dev.potluck.wire.v1.EmptyMessage;
import dev.potluck.wire.v1.GreetingMessage;
import dev.potluck.wire.v1.LoadMessage;
import dev.potluck.wire.v1.LocateReply;
import dev.potluck.wire.v1.LocateRequest;
import dev.potluck.wire.v1.NamesRequest;
import dev.potluck.wire.v1.PeerGrpc;
import dev.potluck.wire.v1.PeerRequest;
import dev.potluck.wire.v1.ReachReply;
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
    Serving.answer(out, () -> message(service.greet(caller, of(request))));
  }

  @Override
  public void adopt(NamesRequest request, StreamObserver<AdoptReply> out) {
    PeerId caller = Callers.current();
    Serving.answer(
        out,
        () -> {
          List<Name> names =
              ValueCodec.list(request.getNamesList(), WireLimits.EDITS_PER_CALL, Name::of);
          return AdoptReply.newBuilder().setDone(service.adopt(caller, names)).build();
        });
  }

  @Override
  public void reach(PeerRequest request, StreamObserver<ReachReply> out) {
    PeerId caller = Callers.current();
    Serving.answer(
        out,
        () -> {
          boolean reached = service.reaches(caller, PeerId.of(request.getPeer()));
          return ReachReply.newBuilder().setReached(reached).build();
        });
  }

  static GreetingMessage message(Greeting greeting) {
    return GreetingMessage.newBuilder()
        .setIncarnation(greeting.incarnation())
        .addAllMembers(
            greeting.members().stream()
                .limit(WireLimits.WHEREABOUTS)
                .map(PeerCalls::message)
                .toList())
        .build();
  }

  static Greeting of(GreetingMessage message) {
    return new Greeting(
        message.getIncarnation(),
        ValueCodec.list(message.getMembersList(), WireLimits.WHEREABOUTS, PeerCalls::of));
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
