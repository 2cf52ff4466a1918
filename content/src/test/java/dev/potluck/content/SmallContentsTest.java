package dev.potluck.content;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class SmallContentsTest {
  private final SmallContents small = new SmallContents();

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 4_096, 16_383, 16_384, 16_385, 40_000, 49_152, 65_535, 65_536})
  void agreesWithTheHasherOfWholeContents(int size) throws IOException {
    byte[] bytes = new byte[size];
    new Random(size).nextBytes(bytes);
    ContentId content = hashed(bytes);

    assertThat(small.isRight(content, ByteBuffer.wrap(bytes))).isTrue();

    // The same instance goes on, also after a wrong content and with bytes that lie elsewhere.
    if (size > 0) {
      byte[] wrong = bytes.clone();
      wrong[size / 2] ^= 1;
      assertThat(small.isRight(content, ByteBuffer.wrap(wrong))).isFalse();
      assertThat(small.isRight(content, ByteBuffer.wrap(bytes, 0, size - 1))).isFalse();
    }
    ByteBuffer direct = ByteBuffer.allocateDirect(size + 3).position(3).put(bytes).position(3);
    assertThat(small.isRight(content, direct)).isTrue();
    assertThat(direct.position()).isEqualTo(3);
  }

  @Test
  void refusesWhatIsNotSmall() {
    ContentId large = new ContentId(Root.of(new byte[Root.BYTES]), SmallContents.BYTES_MAX + 1);

    assertThatThrownBy(() -> small.isRight(large, ByteBuffer.allocate(1)))
        .isInstanceOf(IllegalArgumentException.class);
  }

  private static ContentId hashed(byte[] bytes) throws IOException {
    ByteSource source =
        (position, target) -> {
          int from = (int) position;
          int count = Math.min(target.remaining(), bytes.length - from);
          target.put(bytes, from, count);
          return count;
        };
    return new ContentHasher(Runnable::run, 1).hash(source, bytes.length).content();
  }
}
