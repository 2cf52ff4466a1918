package dev.potluck.wire;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpObject;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.handler.ssl.SslHandshakeCompletionEvent;
import java.util.ArrayDeque;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// The client's end of one bulk connection: sends calls, at most two ahead, and matches answers to
/// them. State belongs to the event loop.
@SuppressWarnings("FutureReturnValueIgnored") // Netty: what fails closes the channel
final class BulkResponses extends SimpleChannelInboundHandler<HttpObject> {
  /// The second request waits at the holder while the first is answered: no round trip in between.
  static final int AHEAD = 2;

  private static final int DRAIN_BYTES = 512 << 10;
  private static final long STALL_NANOS = TimeUnit.SECONDS.toNanos(15);
  private static final long IDLE_NANOS = TimeUnit.SECONDS.toNanos(30);
  private static final long SLOW_NANOS = TimeUnit.SECONDS.toNanos(1);
  private static final int CHECK_SECONDS = 3;

  private final HolderConnections pool;
  private final BulkLane lane;
  private final LowWater lowWater;
  private final ArrayDeque<BulkCall> asked = new ArrayDeque<>();
  private @Nullable TransferOutcome bodyless;
  private @Nullable Throwable failure;
  private boolean inAnswer;
  private boolean sized;
  private long bodyLeft;
  private long lastRead = System.nanoTime();

  BulkResponses(HolderConnections pool, BulkLane lane, LowWater lowWater) {
    this.pool = pool;
    this.lane = lane;
    this.lowWater = lowWater;
  }

  /// Sends a call. On the event loop.
  void ask(ChannelHandlerContext context, BulkCall call) {
    if (asked.isEmpty()) {
      lastRead = System.nanoTime();
    }
    asked.add(call);
    call.cancelledBy(() -> context.executor().execute(() -> cancelled(context, call)));
    context.writeAndFlush(call.asking(), context.voidPromise());
  }

  @Override
  public void handlerAdded(ChannelHandlerContext context) {
    var check =
        context
            .executor()
            .scheduleAtFixedRate(
                () -> check(context), CHECK_SECONDS, CHECK_SECONDS, TimeUnit.SECONDS);
    context.channel().closeFuture().addListener(_ -> check.cancel(false));
  }

  /// Closes a connection that stands still, not because of us, or that nobody uses.
  private void check(ChannelHandlerContext context) {
    long still = System.nanoTime() - lastRead;
    if (still > SLOW_NANOS) {
      lowWater.reset();
    }
    if (asked.isEmpty() ? still > IDLE_NANOS : still > STALL_NANOS && !lane.isPaused()) {
      context.close();
    } else if (lane.isPaused()) {
      lastRead = System.nanoTime();
    }
  }

  private void cancelled(ChannelHandlerContext context, BulkCall call) {
    if (!asked.contains(call)) {
      return;
    }
    lane.end(call, new TransferOutcome.Cancelled());
    boolean cheapToDrain = call == asked.peek() && inAnswer && bodyLeft <= DRAIN_BYTES;
    if (!cheapToDrain) {
      context.close();
    }
  }

  @Override
  public void userEventTriggered(ChannelHandlerContext context, Object event) {
    if (event instanceof SslHandshakeCompletionEvent done) {
      if (done.isSuccess()) {
        pool.connected(context, this);
      } else {
        failure = done.cause();
        context.close();
      }
    }
  }

  @Override
  protected void channelRead0(ChannelHandlerContext context, HttpObject message) {
    lastRead = System.nanoTime();
    BulkCall call = asked.peek();
    if (call == null || !message.decoderResult().isSuccess()) {
      failure = new BulkCall.BadAnswer("not an answer");
      context.close();
      return;
    }
    if (message instanceof HttpResponse head) {
      inAnswer = true;
      bodyless = call.answered(head);
      bodyLeft = HttpUtil.getContentLength(head, (long) WireLimits.BATCH_BYTES);
      sized = HttpUtil.isContentLengthSet(head);
      lowWater.begin();
      if (bodyless != null && bodyLeft > DRAIN_BYTES) {
        context.close();
      }
    }
    if (message instanceof HttpContent content) {
      int length = content.content().readableBytes();
      bodyLeft -= length;
      lowWater.arrived(length);
      if (bodyless == null && length > 0 && !call.isCancelled()) {
        lane.bytes(call, content.content().retain());
      }
    }
    if (message instanceof LastHttpContent) {
      ended(call);
    }
  }

  private void ended(BulkCall call) {
    asked.remove();
    inAnswer = false;
    TransferOutcome how = bodyless;
    if (how == null) {
      lane.complete(call);
    } else {
      lane.end(call, how);
    }
    pool.free(this);
  }

  @Override
  public void channelReadComplete(ChannelHandlerContext context) {
    lane.wake();
    lowWater.adjust(inAnswer && sized ? bodyLeft : 0);
    context.fireChannelReadComplete();
  }

  @Override
  public void channelInactive(ChannelHandlerContext context) {
    Throwable why = failure;
    boolean refused = why != null && TlsRefusal.isOne(why);
    boolean standing = System.nanoTime() - lastRead > STALL_NANOS;
    pool.closed(this, why);
    while (!asked.isEmpty()) {
      BulkCall call = asked.remove();
      if (refused) {
        lane.end(call, new TransferOutcome.Refused(TlsRefusal.describe(why)));
      } else if (!standing && call.mayRepeat()) {
        pool.submit(call);
      } else {
        String text = standing ? "it stood still" : "the connection broke";
        lane.end(call, new TransferOutcome.Lost(call.receivedBytes(), text));
      }
    }
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
    if (failure == null) {
      failure = cause;
    }
    context.close();
  }
}
