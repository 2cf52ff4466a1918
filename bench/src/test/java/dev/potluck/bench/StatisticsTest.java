package dev.potluck.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class StatisticsTest {
  @Test
  void medianOfAnOddNumberIsTheMiddleOne() {
    var statistics = Statistics.of(List.of(9.0, 1.0, 2.0));

    assertThat(statistics.median()).isEqualTo(2);
    assertThat(statistics.least()).isEqualTo(1);
    assertThat(statistics.greatest()).isEqualTo(9);
    assertThat(statistics.mean()).isEqualTo(4);
  }

  @Test
  void medianOfAnEvenNumberLiesBetweenTheMiddleTwo() {
    assertThat(Statistics.of(List.of(4.0, 1.0, 2.0, 8.0)).median()).isEqualTo(3);
  }

  @Test
  void percentileOfAHundredAndOneIsItsPlace() {
    var figures = IntStream.rangeClosed(0, 100).mapToObj(i -> (double) i).toList();

    assertThat(Statistics.percentile(figures, 0.99)).isEqualTo(99, within(1e-9));
    assertThat(Statistics.percentile(figures, 1)).isEqualTo(100);
  }

  @Test
  void nothingMeasuredHasNoStatistics() {
    assertThatIllegalArgumentException().isThrownBy(() -> Statistics.of(List.of()));
  }
}
