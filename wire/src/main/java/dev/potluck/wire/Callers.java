package dev.potluck.wire;

import dev.potluck.directory.PeerId;
import dev.potluck.wire.v1.EnrolmentGrpc;
import io.grpc.Attributes;
import io.grpc.Context;
import io.grpc.Contexts;
import io.grpc.Grpc;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.ServerTransportFilter;
import io.grpc.Status;
import java.util.Optional;
import javax.net.ssl.SSLSession;

/// Tells services who calls, and lets nobody in without a certificate but to Enrol, which is
/// bounded in rate and in how many run at once.
final class Callers extends ServerTransportFilter implements ServerInterceptor {
  private static final Attributes.Key<PeerId> ATTRIBUTE = Attributes.Key.create("potluck-peer");
  private static final Context.Key<PeerId> CALLER = Context.key("potluck-peer");
  private static final int ENROLMENTS_A_SECOND = 5;
  private static final int ENROLMENTS_AT_ONCE = 20;

  private final PartyTls tls;
  private final TokenBucket enrolments = new TokenBucket(ENROLMENTS_A_SECOND, ENROLMENTS_AT_ONCE);

  Callers(PartyTls tls) {
    this.tls = tls;
  }

  /// The caller of the running call.
  static PeerId current() {
    PeerId caller = CALLER.get();
    if (caller == null) {
      throw new IllegalStateException("no caller");
    }
    return caller;
  }

  @Override
  public Attributes transportReady(Attributes attributes) {
    SSLSession session = attributes.get(Grpc.TRANSPORT_ATTR_SSL_SESSION);
    Optional<PeerId> peer = session == null ? Optional.empty() : PartyTls.peerOf(session);
    return peer.map(id -> attributes.toBuilder().set(ATTRIBUTE, id).build()).orElse(attributes);
  }

  @Override
  public <Q, A> ServerCall.Listener<Q> interceptCall(
      ServerCall<Q, A> call, Metadata headers, ServerCallHandler<Q, A> next) {
    PeerId peer = call.getAttributes().get(ATTRIBUTE);
    if (peer == null) {
      return stranger(call, headers, next);
    }
    if (tls.denies(peer)) {
      return refuse(call, Status.PERMISSION_DENIED.withDescription("expelled from the party"));
    }
    return Contexts.interceptCall(Context.current().withValue(CALLER, peer), call, headers, next);
  }

  private <Q, A> ServerCall.Listener<Q> stranger(
      ServerCall<Q, A> call, Metadata headers, ServerCallHandler<Q, A> next) {
    if (!EnrolmentGrpc.getEnrolMethod()
        .getFullMethodName()
        .equals(call.getMethodDescriptor().getFullMethodName())) {
      return refuse(call, Status.UNAUTHENTICATED.withDescription("members only"));
    }
    return enrolments.take()
        ? next.startCall(call, headers)
        : refuse(call, Status.RESOURCE_EXHAUSTED.withDescription("too many want in: try again"));
  }

  private static <Q, A> ServerCall.Listener<Q> refuse(ServerCall<Q, A> call, Status status) {
    call.close(status, new Metadata());
    return new ServerCall.Listener<>() {};
  }
}
