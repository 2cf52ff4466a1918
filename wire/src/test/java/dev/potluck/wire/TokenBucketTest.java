package dev.potluck.wire;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

final class TokenBucketTest {
  private long now = Long.MAX_VALUE; // The clock of the system may turn over, too.
  private final TokenBucket bucket = new TokenBucket(5, 20, () -> now);

  private int taken() {
    int taken = 0;
    while (taken < 1_000 && bucket.take()) {
      taken++;
    }
    return taken;
  }

  @Test
  void soManyAtOnceAndSoManyASecondAfterThem() {
    assertThat(taken()).isEqualTo(20);
    now += Duration.ofMillis(199).toNanos();
    assertThat(taken()).isZero();
    now += Duration.ofMillis(2).toNanos();
    assertThat(taken()).isEqualTo(1);
    now += Duration.ofSeconds(2).toNanos();
    assertThat(taken()).isEqualTo(10);
    now += Duration.ofHours(1).toNanos();
    assertThat(taken()).isEqualTo(20);
  }
}
