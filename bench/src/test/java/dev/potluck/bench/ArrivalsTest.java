package dev.potluck.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import org.junit.jupiter.api.Test;

class ArrivalsTest {
  private static final long FILE = 64L << 20;
  private static final double RATE = 100e6 / 8;

  @Test
  void lastAndMeanAreOfTheLeechers() {
    var arrivals = new Arrivals(List.of(6.0, 8.0, 7.0), List.of(70L, 30L), 300);

    assertThat(arrivals.last()).isEqualTo(8);
    assertThat(arrivals.mean()).isEqualTo(7);
    assertThat(arrivals.allSentBytes()).isEqualTo(100);
  }

  @Test
  void equalLinksAreBoundByTheFileOverOneOfThem() {
    assertThat(Arrivals.lowerBoundSeconds(FILE, 16, RATE, RATE)).isEqualTo(5.369, within(1e-3));
  }

  @Test
  void aSlowSeedIsTheBoundUntilAllUplinksTogetherAre() {
    assertThat(Arrivals.lowerBoundSeconds(FILE, 1, RATE / 2, RATE))
        .isEqualTo(2 * FILE / RATE, within(1e-9));
    assertThat(Arrivals.lowerBoundSeconds(FILE, 10, 4 * RATE, RATE))
        .isEqualTo(FILE / RATE, within(1e-9));
  }
}
