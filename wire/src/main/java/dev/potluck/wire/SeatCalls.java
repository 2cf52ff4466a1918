package dev.potluck.wire;

import com.google.protobuf.UnsafeByteOperations;
import dev.potluck.content.UsageException;
import dev.potluck.directory.PeerId;
import dev.potluck.wire.v1.AuthorityMessage;
import dev.potluck.wire.v1.EmptyMessage;
import dev.potluck.wire.v1.SeatMessage;
import dev.potluck.wire.v1.SeatOfferMessage;
import dev.potluck.wire.v1.SeatsGrpc;
import io.grpc.stub.StreamObserver;
import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.UUID;

/// The gRPC face of a {@link SeatService}.
final class SeatCalls extends SeatsGrpc.SeatsImplBase {
  private static final int UUID_BYTES = 16;

  private final SeatService service;

  SeatCalls(SeatService service) {
    this.service = service;
  }

  @Override
  public void say(SeatMessage request, StreamObserver<SeatMessage> out) {
    PeerId caller = Callers.current();
    Serving.answer(
        out,
        () -> message(request.getKind(), service.say(caller, request.getKind(), body(request))));
  }

  @Override
  public void take(SeatOfferMessage request, StreamObserver<EmptyMessage> out) {
    PeerId caller = Callers.current();
    Serving.answer(
        out,
        () -> {
          service.take(caller, of(request));
          return EmptyMessage.getDefaultInstance();
        });
  }

  @Override
  public void keep(AuthorityMessage request, StreamObserver<EmptyMessage> out) {
    PeerId caller = Callers.current();
    Serving.answer(
        out,
        () -> {
          service.keep(caller, new AuthorityCopy(request.getKey(), request.getCertificate()));
          return EmptyMessage.getDefaultInstance();
        });
  }

  static AuthorityMessage message(AuthorityCopy copy) {
    return AuthorityMessage.newBuilder()
        .setKey(copy.key())
        .setCertificate(copy.certificate())
        .build();
  }

  static SeatMessage message(int kind, byte[] body) {
    return SeatMessage.newBuilder()
        .setKind(kind)
        .setBody(UnsafeByteOperations.unsafeWrap(body))
        .build();
  }

  static byte[] body(SeatMessage message) {
    return message.getBody().toByteArray();
  }

  static SeatOfferMessage message(SeatOffer offer) {
    ByteBuffer id = ByteBuffer.allocate(UUID_BYTES);
    id.putLong(offer.log().getMostSignificantBits()).putLong(offer.log().getLeastSignificantBits());
    SeatOfferMessage.Builder message =
        SeatOfferMessage.newBuilder().setLog(UnsafeByteOperations.unsafeWrap(id.array()));
    offer
        .authority()
        .ifPresent(copy -> message.setAuthorityKey(copy.key()).setAuthority(copy.certificate()));
    return message.build();
  }

  private static SeatOffer of(SeatOfferMessage message) {
    if (message.getLog().size() != UUID_BYTES) {
      throw new UsageException("a seat at no log");
    }
    ByteBuffer id = message.getLog().asReadOnlyByteBuffer();
    UUID log = new UUID(id.getLong(), id.getLong());
    return message.getAuthorityKey().isEmpty()
        ? new SeatOffer(log, Optional.empty())
        : new SeatOffer(
            log, Optional.of(new AuthorityCopy(message.getAuthorityKey(), message.getAuthority())));
  }
}
