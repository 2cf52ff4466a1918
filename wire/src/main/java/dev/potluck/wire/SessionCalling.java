package dev.potluck.wire;

import dev.potluck.content.Name;
import dev.potluck.content.UnavailableException;
import dev.potluck.directory.Announcement;
import dev.potluck.directory.Hello;
import dev.potluck.directory.Welcome;
import dev.potluck.wire.v1.SessionReply;
import dev.potluck.wire.v1.SessionRequest;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.ClientCallStreamObserver;
import io.grpc.stub.ClientResponseObserver;
import io.netty.channel.EventLoopGroup;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/// The client's end of one session.
final class SessionCalling
    implements Session, ClientResponseObserver<SessionRequest, SessionReply> {
  private final SessionEvents events;
  private final EventLoopGroup timers;
  private final CompletableFuture<Welcome> welcomed = new CompletableFuture<>();
  private final AtomicBoolean over = new AtomicBoolean();
  private volatile @Nullable Outbox<SessionRequest> outbox;
  private volatile @Nullable ClientCallStreamObserver<SessionRequest> stream;
  private final AtomicLong beats = new AtomicLong();
  private final AtomicLong answers = new AtomicLong();

  SessionCalling(SessionEvents events, EventLoopGroup timers) {
    this.events = events;
    this.timers = timers;
  }

  @Override
  public void beforeStart(ClientCallStreamObserver<SessionRequest> requests) {
    Outbox<SessionRequest> opened = new Outbox<>(requests, WireLimits.OUTBOX_MESSAGES);
    stream = requests;
    outbox = opened;
    requests.setOnReadyHandler(opened::drain);
  }

  /// Says hello and waits for the welcome.
  ///
  /// @throws StatusRuntimeException if it is refused, redirected, or not answered in time
  void open(Hello hello, Duration timeout) {
    outbox().offer(SessionRequest.newBuilder().setHello(SessionCodec.message(hello)).build());
    try {
      welcomed.get(timeout.toMillis(), TimeUnit.MILLISECONDS);
    } catch (ExecutionException e) {
      throw e.getCause() instanceof StatusRuntimeException status
          ? status
          : Status.UNAVAILABLE.withCause(e.getCause()).asRuntimeException();
    } catch (TimeoutException e) {
      cancel("no welcome");
      throw Status.DEADLINE_EXCEEDED.withCause(e).asRuntimeException();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      cancel("interrupted");
      throw Status.CANCELLED.withCause(e).asRuntimeException();
    }
  }

  @Override
  public void onNext(SessionReply reply) {
    switch (reply.getReplyCase()) {
      case WELCOME -> welcomed.complete(SessionCodec.of(reply.getWelcome()));
      case ALIVE -> answers.incrementAndGet();
      case VERDICTS ->
          events.verdicts(
              reply.getVerdicts().getSequence(),
              ValueCodec.list(
                  reply.getVerdicts().getVerdictsList(),
                  WireLimits.FACTS_PER_MESSAGE,
                  FactCodec::of));
      case SEND_ALL -> events.sendAll();
      case JUDGED -> events.judged(reply.getJudged());
      case LOCK_WANTED ->
          events.lockWanted(
              Name.of(reply.getLockWanted().getName()), reply.getLockWanted().getToken());
      case ENDED -> lost(ValueCodec.text(reply.getEnded(), WireLimits.WHY_BYTES));
      case REPLY_NOT_SET -> cancel("an unknown reply");
    }
  }

  @Override
  public void onError(Throwable failure) {
    if (!welcomed.completeExceptionally(failure)) {
      lost(String.valueOf(WireStatus.exception(failure, "the directory").getMessage()));
    }
  }

  @Override
  public void onCompleted() {
    onError(Status.UNAVAILABLE.withDescription("it ended the session").asRuntimeException());
  }

  private void lost(String why) {
    outbox().gone();
    if (welcomed.isDone() && over.compareAndSet(false, true)) {
      events.lost(why);
    }
  }

  private void cancel(String why) {
    ClientCallStreamObserver<SessionRequest> requests = stream;
    if (requests != null) {
      requests.cancel(why, null);
    }
  }

  private Outbox<SessionRequest> outbox() {
    Outbox<SessionRequest> opened = outbox;
    if (opened == null) {
      throw new IllegalStateException("not started");
    }
    return opened;
  }

  @Override
  public Welcome welcome() {
    return welcomed.join();
  }

  @Override
  public void announce(Announcement announcement) {
    var message =
        SessionRequest.newBuilder().setAnnouncement(SessionCodec.message(announcement)).build();
    if (!outbox().send(message, welcome().lease())) {
      cancel("it takes no announcements");
      throw new UnavailableException("the session with the directory is over");
    }
  }

  @Override
  public void heartbeat(Heartbeat heartbeat) {
    var message = SessionRequest.newBuilder().setHeartbeat(SessionCodec.message(heartbeat)).build();
    long number = beats.incrementAndGet();
    if (!outbox().offer(message)) {
      throw new UnavailableException("the session with the directory is over");
    }
    var check =
        timers
            .next()
            .schedule(
                () -> {
                  if (answers.get() < number) {
                    cancel("the directory does not answer");
                  }
                },
                welcome().lease().toMillis(),
                TimeUnit.MILLISECONDS);
    if (check.isCancelled()) {
      throw new UnavailableException("the session with the directory is over");
    }
  }

  @Override
  public void lockInUse(long token) {
    var _ = outbox().offer(SessionRequest.newBuilder().setLockInUse(token).build());
  }

  @Override
  public boolean isOpen() {
    return outbox().isOpen();
  }

  @Override
  public void close() {
    over.set(true);
    outbox().complete();
  }
}
