package dev.potluck.wire;

import dev.potluck.content.DeniedException;
import dev.potluck.wire.v1.CredentialReply;
import dev.potluck.wire.v1.EnrolRequest;
import dev.potluck.wire.v1.EnrolmentGrpc;
import io.grpc.stub.StreamObserver;
import java.time.DateTimeException;
import java.time.Instant;

/// The gRPC face of {@link DirectoryService#enrol}: the one call of strangers.
final class EnrolmentCalls extends EnrolmentGrpc.EnrolmentImplBase {
  private final DirectoryService service;

  EnrolmentCalls(DirectoryService service) {
    this.service = service;
  }

  @Override
  public void enrol(EnrolRequest request, StreamObserver<CredentialReply> out) {
    Serving.answer(out, () -> DirectoryCalls.credential(service.enrol(enrolment(request))));
  }

  private static Enrolment enrolment(EnrolRequest request) {
    var wanted = CertificateRequest.parse(request.getRequest().toByteArray());
    try {
      Instant expires = Instant.ofEpochSecond(request.getExpiresSeconds());
      return new Enrolment(request.getTicketId(), expires, request.getProof(), wanted);
    } catch (DateTimeException e) {
      throw new DeniedException("a ticket with no expiry", e);
    }
  }
}
