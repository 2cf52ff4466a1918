package dev.potluck.wire;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.DefaultFullHttpRequest;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpVersion;
import java.nio.ByteBuffer;
import org.junit.jupiter.api.Test;

class BulkCallTest {
  /// Wants four bytes.
  private static final class Four implements BulkCall.Body {
    private int left = 4;

    @Override
    public void accept(ByteBuffer bytes) {
      left -= bytes.remaining();
    }

    @Override
    public boolean isComplete() {
      return left == 0;
    }

    @Override
    public boolean mayBlock() {
      return false;
    }
  }

  private final BulkCall it =
      new BulkCall(
          new DefaultFullHttpRequest(HttpVersion.HTTP_1_1, HttpMethod.GET, "/content"),
          new Four(),
          4);

  @Test
  void anAnswerThatEndsEarlyBreaksTheProtocol() {
    var _ = it.take(Unpooled.wrappedBuffer(new byte[3]));

    it.bodyEnded();

    assertThat(it.outcome())
        .isCompletedWithValueMatching(TransferOutcome.Violated.class::isInstance);
  }

  @Test
  void ofACancelledAnswerTheRestIsNotMissed() {
    var _ = it.take(Unpooled.wrappedBuffer(new byte[3]));
    it.cancel();

    it.bodyEnded();

    assertThat(it.outcome())
        .isCompletedWithValueMatching(TransferOutcome.Cancelled.class::isInstance);
  }

  @Test
  void anAnswerThatWasWholeIsCompleteThoughItIsCancelledThen() {
    var _ = it.take(Unpooled.wrappedBuffer(new byte[4]));
    it.cancel();

    it.bodyEnded();

    assertThat(it.outcome())
        .isCompletedWithValueMatching(TransferOutcome.Complete.class::isInstance);
  }
}
