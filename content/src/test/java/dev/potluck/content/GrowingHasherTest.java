package dev.potluck.content;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class GrowingHasherTest {
  private final ContentHasher whole = new ContentHasher(Runnable::run, 1);

  @ParameterizedTest
  @ValueSource(
      ints = {
        0,
        1,
        16 << 10,
        (16 << 10) + 1,
        (256 << 10) - 1,
        256 << 10,
        (256 << 10) + 1,
        (512 << 10) + 17,
        (3 << 20) + 5,
        (257 << 20) + 3
      })
  void findsWhatHashingTheWholeFinds(int size) throws IOException {
    byte[] bytes = new byte[size];
    new Random(size).nextBytes(bytes);
    var growing = new GrowingHasher();

    var steps = new Random(1);
    for (int at = 0; at < size; ) {
      int count = Math.min(size - at, 1 + steps.nextInt(1 << 20));
      growing.update(ByteBuffer.wrap(bytes, at, count));
      at += count;
    }

    assertThat(growing.size()).isEqualTo(size);
    assertThat(growing.layer()).isEqualTo(hashed(bytes, size).layer());
  }

  @ParameterizedTest
  @ValueSource(ints = {100, 300 << 10})
  void goesOnAfterItWasAsked(int size) throws IOException {
    byte[] bytes = new byte[2 * size];
    new Random(size).nextBytes(bytes);
    var growing = new GrowingHasher();

    growing.update(ByteBuffer.wrap(bytes, 0, size));
    assertThat(growing.layer()).isEqualTo(hashed(bytes, size).layer());
    growing.update(ByteBuffer.wrap(bytes, size, size));

    assertThat(growing.layer()).isEqualTo(hashed(bytes, 2 * size).layer());
  }

  private ContentHasher.Hashed hashed(byte[] bytes, int size) throws IOException {
    return whole.hash(
        (position, target) -> {
          int count = Math.min(target.remaining(), size - (int) position);
          target.put(bytes, (int) position, count);
          return count == 0 ? -1 : count;
        },
        size);
  }
}
