package dev.potluck.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.potluck.content.PieceSet;
import dev.potluck.content.UsageException;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// How what neighbours say looks on the wire, and what is refused.
final class AvailabilityFrameTest {
  private static final int COUNT = 1_000;

  private final Random random = new Random(Long.getLong("potluck.seed", 5));

  private static ByteBuf written(AvailabilityFrame frame) {
    ByteBuf out = Unpooled.buffer();
    frame.write(out);
    assertThat(out.readInt()).isEqualTo(out.readableBytes());
    return out;
  }

  private PieceSet pieces(int count, int most) {
    PieceSet pieces = PieceSet.none(count);
    random.ints(most, 0, count).forEach(pieces::add);
    return pieces;
  }

  private List<Integer> list(int count) {
    return random.ints(random.nextInt(20), 0, count).boxed().toList();
  }

  private @Nullable Boolean perhaps() {
    return random.nextInt(3) == 0 ? null : Boolean.valueOf(random.nextBoolean());
  }

  @Test
  void whatIsWrittenIsRead() {
    for (int i = 0; i < 1_000; i++) {
      int count = 1 + random.nextInt(100_000);
      Boolean bound = perhaps();
      var frame =
          new AvailabilityFrame(
              random.nextBoolean() ? pieces(count, random.nextInt(2_000)) : null,
              perhaps(),
              bound,
              bound == null ? List.of() : list(count),
              list(count),
              list(count));

      ByteBuf bytes = written(frame);

      assertThat(bytes.readableBytes()).isLessThanOrEqualTo(AvailabilityFrame.bytesMax(count));
      assertThat(AvailabilityFrame.read(bytes, count)).isEqualTo(frame);
    }
  }

  @Test
  void theLongestMessageIsWithinTheBound() {
    int count = 500_000;
    var last = IntStream.range(0, WireLimits.SUGGESTIONS).mapToObj(_ -> count - 1).toList();

    ByteBuf bytes =
        written(new AvailabilityFrame(PieceSet.all(count), true, true, last, last, last));

    assertThat(bytes.readableBytes()).isLessThanOrEqualTo(AvailabilityFrame.bytesMax(count));
  }

  @Test
  void onePieceOfManyTakesFewBytes() {
    PieceSet one = PieceSet.none(100_000);
    one.add(99_999);

    var frame = new AvailabilityFrame(one, null, null, List.of(), List.of(), List.of());

    assertThat(written(frame).readableBytes()).isEqualTo(5);
  }

  @Test
  void aMessageThatIsCutShortIsRefused() {
    var frame =
        new AvailabilityFrame(
            pieces(COUNT, 900), true, true, List.of(1, 999), List.of(500), List.of(2, 3));
    ByteBuf whole = written(frame);

    for (int length = 0; length < whole.readableBytes(); length++) {
      ByteBuf part = whole.slice(whole.readerIndex(), length);
      assertThatThrownBy(() -> AvailabilityFrame.read(part, COUNT))
          .isInstanceOf(UsageException.class);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "01 01 e8 07", // piece 1000 of 1000
        "01 ff ff ff ff 07", // two thousand million pieces
        "01 05 01 02", // more than there is
        "02 7f 01", // a bitmap longer than the message
        "02 ff 01 00", // a bitmap longer than the content
        "02 ff ff ff ff 0f", // a negative length
        "02 ff ff ff ff ff 01", // a number of 36 bits
        "03 01 01 01 01", // pieces said in two ways
        "08", // guided, not accepted
        "20", // bound to nothing
        "10 01 e8 07", // a suggestion beyond the content
        "40 81 08", // 1025 declined
        "00 00", // more than its flags say
      })
  void whatIsNoMessageIsRefused(String bytes) {
    ByteBuf in = Unpooled.wrappedBuffer(java.util.HexFormat.ofDelimiter(" ").parseHex(bytes));

    assertThatThrownBy(() -> AvailabilityFrame.read(in, COUNT)).isInstanceOf(UsageException.class);
  }

  @Test
  void aBitmapOfMorePiecesThanThereAreIsRefused() {
    ByteBuf bytes =
        written(
            new AvailabilityFrame(
                PieceSet.all(COUNT), null, null, List.of(), List.of(), List.of()));

    assertThatThrownBy(() -> AvailabilityFrame.read(bytes, COUNT - 1))
        .isInstanceOf(UsageException.class);
  }

  @Test
  void anyBytesAreAMessageOrRefused() {
    for (int i = 0; i < 20_000; i++) {
      byte[] bytes = new byte[random.nextInt(40)];
      random.nextBytes(bytes);
      try {
        var frame = AvailabilityFrame.read(Unpooled.wrappedBuffer(bytes), COUNT);
        assertThat(frame.suggested()).hasSizeLessThanOrEqualTo(bytes.length);
      } catch (UsageException e) {
        assertThat(e).hasMessageNotContaining("null");
      }
    }
  }
}
