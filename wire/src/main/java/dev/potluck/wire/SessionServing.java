package dev.potluck.wire;

import dev.potluck.content.Name;
import dev.potluck.content.UsageException;
import dev.potluck.directory.Announcement;
import dev.potluck.directory.Hello;
import dev.potluck.directory.PeerId;
import dev.potluck.directory.Verdict;
import dev.potluck.directory.Welcome;
import dev.potluck.wire.v1.EmptyMessage;
import dev.potluck.wire.v1.SessionReply;
import dev.potluck.wire.v1.SessionRequest;
import dev.potluck.wire.v1.VerdictsMessage;
import dev.potluck.wire.v1.WantedLockMessage;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/// The server's end of one session: one message at a time to the handler, answers through a bounded
/// outbox.
final class SessionServing implements SessionSink {
  private static final SessionReply ALIVE =
      SessionReply.newBuilder().setAlive(EmptyMessage.getDefaultInstance()).build();
  private static final SessionReply SEND_ALL =
      SessionReply.newBuilder().setSendAll(EmptyMessage.getDefaultInstance()).build();

  private final DirectoryService service;
  private final PeerId caller;
  private final ServerCallStreamObserver<SessionReply> stream;
  private final Outbox<SessionReply> outbox;
  private final AtomicBoolean over = new AtomicBoolean();
  private volatile @Nullable SessionHandler handler;

  SessionServing(
      DirectoryService service, PeerId caller, ServerCallStreamObserver<SessionReply> stream) {
    this.service = service;
    this.caller = caller;
    this.stream = stream;
    this.outbox = new Outbox<>(stream, WireLimits.OUTBOX_MESSAGES);
  }

  StreamObserver<SessionRequest> requests() {
    stream.disableAutoRequest();
    stream.setOnReadyHandler(outbox::drain);
    stream.setOnCancelHandler(this::over);
    stream.request(1);
    return new StreamObserver<>() {
      @Override
      public void onNext(SessionRequest request) {
        try {
          parsed(request).run();
          stream.request(1);
        } catch (RuntimeException e) {
          outbox.fail(WireStatus.of(e));
          over();
        }
      }

      @Override
      public void onError(Throwable failure) {
        over();
      }

      @Override
      public void onCompleted() {
        outbox.complete();
        over();
      }
    };
  }

  /// What a request asks for; one that can't be read is told to the handler.
  private Runnable parsed(SessionRequest request) {
    SessionHandler known = handler;
    try {
      return reading(request, known);
    } catch (UsageException | IllegalArgumentException e) {
      if (known != null) {
        known.violated(String.valueOf(e.getMessage()));
      }
      throw e;
    }
  }

  private Runnable reading(SessionRequest request, @Nullable SessionHandler known) {
    return switch (request.getRequestCase()) {
      case HELLO -> {
        if (known != null) {
          throw new UsageException("a second hello");
        }
        Hello hello = SessionCodec.of(request.getHello());
        yield () -> handler = service.session(caller, hello, this);
      }
      case ANNOUNCEMENT -> {
        Announcement announcement = SessionCodec.of(request.getAnnouncement());
        yield () -> greeted(known).announce(announcement);
      }
      case HEARTBEAT -> {
        Heartbeat heartbeat = SessionCodec.of(request.getHeartbeat());
        yield () -> {
          greeted(known).heartbeat(heartbeat);
          outbox.offer(ALIVE);
        };
      }
      case LOCK_IN_USE -> () -> greeted(known).lockInUse(request.getLockInUse());
      case REQUEST_NOT_SET -> throw new UsageException("an unknown request");
    };
  }

  private static SessionHandler greeted(@Nullable SessionHandler handler) {
    if (handler == null) {
      throw new UsageException("no hello");
    }
    return handler;
  }

  private void over() {
    outbox.gone();
    SessionHandler known = handler;
    if (known != null && over.compareAndSet(false, true)) {
      known.closed();
    }
  }

  @Override
  public void welcome(Welcome welcome) {
    outbox.offer(SessionReply.newBuilder().setWelcome(SessionCodec.message(welcome)).build());
  }

  @Override
  public void verdicts(long sequence, List<Verdict> verdicts) {
    // With the longest names a verdict has some 12 KiB: a part stays far below a message's bound.
    int part = WireLimits.FACTS_PER_MESSAGE / 5;
    for (int from = 0; from < verdicts.size(); from += part) {
      List<Verdict> some = verdicts.subList(from, Math.min(from + part, verdicts.size()));
      var message =
          VerdictsMessage.newBuilder()
              .setSequence(sequence)
              .addAllVerdicts(some.stream().map(FactCodec::message).toList());
      outbox.offer(SessionReply.newBuilder().setVerdicts(message).build());
    }
  }

  @Override
  public void sendAll() {
    outbox.offer(SEND_ALL);
  }

  @Override
  public void judged(long sequence) {
    outbox.offer(SessionReply.newBuilder().setJudged(sequence).build());
  }

  @Override
  public void lockWanted(Name name, long token) {
    var wanted = WantedLockMessage.newBuilder().setName(name.value()).setToken(token);
    outbox.offer(SessionReply.newBuilder().setLockWanted(wanted).build());
  }

  @Override
  public void ended(String why) {
    outbox.offer(SessionReply.newBuilder().setEnded(why).build());
    outbox.complete();
    over();
  }
}
