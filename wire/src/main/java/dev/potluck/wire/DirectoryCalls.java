package dev.potluck.wire;

import com.google.protobuf.ByteString;
import dev.potluck.content.DeniedException;
import dev.potluck.content.Name;
import dev.potluck.content.UsageException;
import dev.potluck.directory.Fact;
import dev.potluck.directory.Listed;
import dev.potluck.directory.PeerId;
import dev.potluck.wire.v1.CommitReply;
import dev.potluck.wire.v1.CommitRequest;
import dev.potluck.wire.v1.CredentialReply;
import dev.potluck.wire.v1.DeleteReply;
import dev.potluck.wire.v1.DirectoryGrpc;
import dev.potluck.wire.v1.EmptyMessage;
import dev.potluck.wire.v1.FindReply;
import dev.potluck.wire.v1.HistoryReply;
import dev.potluck.wire.v1.InviteReply;
import dev.potluck.wire.v1.InviteRequest;
import dev.potluck.wire.v1.ListReply;
import dev.potluck.wire.v1.ListRequest;
import dev.potluck.wire.v1.ListedMessage;
import dev.potluck.wire.v1.LockReply;
import dev.potluck.wire.v1.LockRequest;
import dev.potluck.wire.v1.LocksReply;
import dev.potluck.wire.v1.MembersReply;
import dev.potluck.wire.v1.MoveReply;
import dev.potluck.wire.v1.MoveRequest;
import dev.potluck.wire.v1.NameRequest;
import dev.potluck.wire.v1.NamesRequest;
import dev.potluck.wire.v1.PeerRequest;
import dev.potluck.wire.v1.RenewRequest;
import dev.potluck.wire.v1.SessionReply;
import dev.potluck.wire.v1.SessionRequest;
import dev.potluck.wire.v1.UnlockRequest;
import dev.potluck.wire.v1.WatchReply;
import dev.potluck.wire.v1.WatchRequest;
import io.grpc.Context;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;

/// The gRPC face of a {@link DirectoryService}.
final class DirectoryCalls extends DirectoryGrpc.DirectoryImplBase {
  /// As many are read in no time.
  private static final int FEW_EDITS = 32;

  private final DirectoryService service;
  private final Executor workers;

  DirectoryCalls(DirectoryService service, Executor workers) {
    this.service = service;
    this.workers = workers;
  }

  @Override
  public StreamObserver<SessionRequest> session(StreamObserver<SessionReply> out) {
    var stream = (ServerCallStreamObserver<SessionReply>) out;
    return new SessionServing(service, Callers.current(), stream).requests();
  }

  @Override
  public void watch(WatchRequest request, StreamObserver<WatchReply> out) {
    PeerId caller = Callers.current();
    var serving = new WatchServing((ServerCallStreamObserver<WatchReply>) out);
    // Not on the call's own thread: there it would hear of nothing until it returns.
    workers.execute(
        () ->
            serving.run(
                () ->
                    service.watch(
                        caller, request.getIncarnation(), request.getFromRevision(), serving)));
  }

  /// Runs on the network's thread: to hand a look into a table to another one and to be woken by it
  /// would cost several times the look.
  @Override
  public void find(NameRequest request, StreamObserver<FindReply> out) {
    PeerId caller = Callers.current();
    Optional<FindReply> answer;
    try {
      Name name = Name.of(request.getName());
      answer = service.findAtOnce(caller, name).map(MemberCodec::message);
    } catch (RuntimeException e) {
      out.onError(WireStatus.of(e));
      return;
    }
    if (answer.isPresent()) {
      out.onNext(answer.get());
      out.onCompleted();
    } else {
      workers.execute(
          () ->
              Serving.answer(
                  out,
                  () -> MemberCodec.message(service.find(caller, Name.of(request.getName())))));
    }
  }

  @Override
  public void list(ListRequest request, StreamObserver<ListReply> out) {
    PeerId caller = Callers.current();
    Serving.answer(
        out,
        () -> {
          int limit = Math.clamp(request.getLimit(), 1, WireLimits.LIST_PAGE);
          var listed =
              service.list(caller, name(request.getPrefix()), name(request.getAfter()), limit);
          return page(listed);
        });
  }

  /// As much of a page as goes into a message: the longest names with many holders are too much.
  private static ListReply page(List<Listed> listed) {
    ListReply.Builder page = ListReply.newBuilder();
    long bytes = 0;
    for (Listed line : listed) {
      if (bytes > WireLimits.LIST_PAGE_BYTES) {
        return page.setCut(true).build();
      }
      ListedMessage message = MemberCodec.message(line);
      bytes += message.getSerializedSize();
      page.addListed(message);
    }
    return page.build();
  }

  private static Optional<Name> name(String text) {
    return text.isEmpty() ? Optional.empty() : Optional.of(Name.of(text));
  }

  @Override
  public void members(EmptyMessage request, StreamObserver<MembersReply> out) {
    PeerId caller = Callers.current();
    Serving.answer(
        out,
        () -> {
          Roster roster = service.members(caller);
          return MembersReply.newBuilder()
              .addAllMembers(roster.members().stream().map(MemberCodec::message).toList())
              .addAllSeats(roster.seats().stream().map(PeerId::text).toList())
              .build();
        });
  }

  /// Runs on the network's thread, as {@link #find}, if it is not much: nobody waits here.
  @Override
  public void commit(CommitRequest request, StreamObserver<CommitReply> out) {
    PeerId caller = Callers.current();
    if (request.getEditsCount() <= FEW_EDITS) {
      commit(caller, request, out);
    } else {
      workers.execute(() -> commit(caller, request, out));
    }
  }

  private void commit(PeerId caller, CommitRequest request, StreamObserver<CommitReply> out) {
    CompletableFuture<CommitOutcome> outcome;
    try {
      List<Fact.Edited> edits =
          ValueCodec.list(request.getEditsList(), WireLimits.EDITS_PER_CALL, FactCodec::of);
      outcome = service.commit(caller, edits);
    } catch (RuntimeException e) {
      out.onError(WireStatus.of(e));
      return;
    }
    Serving.answer(out, outcome.thenApply(CommitCodec::message));
  }

  @Override
  public void delete(NamesRequest request, StreamObserver<DeleteReply> out) {
    PeerId caller = Callers.current();
    Serving.answer(
        out,
        () -> {
          List<Name> names =
              ValueCodec.list(request.getNamesList(), WireLimits.EDITS_PER_CALL, Name::of);
          Deleted deleted = service.delete(caller, names);
          return DeleteReply.newBuilder()
              .addAllMissing(deleted.missing().stream().map(Name::value).toList())
              .setRevision(deleted.revision())
              .build();
        });
  }

  @Override
  public void move(MoveRequest request, StreamObserver<MoveReply> out) {
    PeerId caller = Callers.current();
    Serving.answer(
        out,
        () -> {
          Moved moved = service.move(caller, Name.of(request.getFrom()), Name.of(request.getTo()));
          return MoveReply.newBuilder()
              .setVersion(ValueCodec.message(moved.version()))
              .setRevision(moved.revision())
              .build();
        });
  }

  @Override
  public void lock(LockRequest request, StreamObserver<LockReply> out) {
    PeerId caller = Callers.current();
    Duration wait =
        Duration.ofMillis(Math.clamp(request.getWaitMillis(), 0, WireLimits.LOCK_WAIT.toMillis()));
    Thread waiting = Thread.currentThread();
    Context.CancellationListener hangUp = _ -> waiting.interrupt();
    Context call = Context.current();
    call.addListener(hangUp, Runnable::run);
    try {
      Serving.answer(
          out,
          () ->
              LockCodec.message(
                  service.lock(
                      caller,
                      Name.of(request.getName()),
                      LockCodec.mode(request.getShared()),
                      wait)));
    } finally {
      call.removeListener(hangUp);
    }
  }

  @Override
  public void unlock(UnlockRequest request, StreamObserver<EmptyMessage> out) {
    PeerId caller = Callers.current();
    Serving.answer(
        out,
        () -> {
          Name name = Name.of(request.getName());
          if (request.getKeepShared()) {
            service.share(caller, name, request.getToken());
          } else {
            service.unlock(caller, name, request.getToken());
          }
          return EmptyMessage.getDefaultInstance();
        });
  }

  @Override
  public void locks(NamesRequest request, StreamObserver<LocksReply> out) {
    PeerId caller = Callers.current();
    Serving.answer(
        out,
        () -> {
          List<Name> names =
              ValueCodec.list(request.getNamesList(), WireLimits.EDITS_PER_CALL, Name::of);
          return LocksReply.newBuilder()
              .addAllLocks(service.locks(caller, names).stream().map(LockCodec::message).toList())
              .build();
        });
  }

  @Override
  public void history(NameRequest request, StreamObserver<HistoryReply> out) {
    PeerId caller = Callers.current();
    Serving.answer(
        out,
        () ->
            HistoryReply.newBuilder()
                .addAllEntries(
                    service.history(caller, Name.of(request.getName())).stream()
                        .map(ValueCodec::message)
                        .toList())
                .build());
  }

  @Override
  public void invite(InviteRequest request, StreamObserver<InviteReply> out) {
    PeerId caller = Callers.current();
    Serving.answer(
        out,
        () -> {
          if (request.getValidityMillis() <= 0) {
            throw new UsageException("a ticket must be valid for a while");
          }
          Duration validity = Duration.ofMillis(request.getValidityMillis());
          String ticket = service.invite(caller, validity).encode();
          return InviteReply.newBuilder().setTicket(ticket).build();
        });
  }

  @Override
  public void expel(PeerRequest request, StreamObserver<EmptyMessage> out) {
    PeerId caller = Callers.current();
    Serving.answer(
        out,
        () -> {
          service.expel(caller, PeerId.of(request.getPeer()));
          return EmptyMessage.getDefaultInstance();
        });
  }

  @Override
  public void leave(EmptyMessage request, StreamObserver<EmptyMessage> out) {
    PeerId caller = Callers.current();
    Serving.answer(
        out,
        () -> {
          service.leave(caller);
          return EmptyMessage.getDefaultInstance();
        });
  }

  @Override
  public void renew(RenewRequest request, StreamObserver<CredentialReply> out) {
    PeerId caller = Callers.current();
    Serving.answer(
        out,
        () -> {
          var wanted = CertificateRequest.parse(request.getRequest().toByteArray());
          if (!wanted.id().equals(caller)) {
            throw new DeniedException("the request is for another key");
          }
          return credential(service.renew(caller, wanted));
        });
  }

  static CredentialReply credential(Credential credential) {
    return CredentialReply.newBuilder()
        .setLeaf(ByteString.copyFrom(credential.leafBytes()))
        .setAuthority(ByteString.copyFrom(credential.authorityBytes()))
        .build();
  }
}
