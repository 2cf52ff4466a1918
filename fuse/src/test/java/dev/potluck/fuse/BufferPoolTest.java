package dev.potluck.fuse;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Memory that is lent for requests and answers.
class BufferPoolTest {
  private static final int LARGE = 2 << 20;

  private final BufferPool pool = new BufferPool(LARGE);

  /// The second is what the kernel reads ahead, with a header.
  @ParameterizedTest
  @CsvSource({"16, 16384", "131088, 135168", "135169, 2097152", "3000000, 3000000"})
  void whatIsLentIsOfASizeThatFits(int needed, long lent) {
    assertThat(pool.take(needed).bytes()).isEqualTo(lent);
  }

  @ParameterizedTest
  @CsvSource({"16, 16000", "20000, 131088", "200000, 2000000"})
  void whatIsGivenBackIsLentAgainForTheSameSize(int first, int then) {
    Buffer buffer = pool.take(first);
    pool.give(buffer);

    assertThat(pool.take(then)).isSameAs(buffer);
    assertThat(pool.take(then)).isNotSameAs(buffer);
  }

  @Test
  void whatIsGreaterThanUsualIsNotLentForMore() {
    Buffer buffer = pool.take(3_000_000);
    pool.give(buffer);

    assertThat(pool.take(3_000_001).bytes()).isEqualTo(3_000_001);
  }
}
