package dev.potluck.exchange;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.potluck.content.UsageException;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LatencyTableTest {

  @Test
  void latencyIsTheSameInBothDirections() {
    LatencyTable table = LatencyTable.parse("lat", "# who to whom\nanna ben 250 # by ship\n\n");

    assertThat(table.between("anna", "ben")).isEqualTo(Duration.ofMillis(250));
    assertThat(table.between("ben", "anna")).isEqualTo(Duration.ofMillis(250));
  }

  @Test
  void missingPairTakesAHundredMilliseconds() {
    LatencyTable table = LatencyTable.parse("lat", "");

    assertThat(table.between("anna", "ben")).isEqualTo(Duration.ofMillis(100));
    assertThat(table.between("anna", "anna")).isEqualTo(Duration.ZERO);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "a b",
        "a b 5001",
        "a b -1",
        "a b 1.5",
        "a b c d",
        "a b 99999999999",
        "a b 1\nb a 2"
      })
  void whatIsWrongIsNamedWithItsLine(String wrong) {
    assertThatThrownBy(() -> LatencyTable.parse("lat.txt", "x y 100\n" + wrong))
        .isInstanceOf(UsageException.class)
        .hasMessageMatching("lat\\.txt, line [23]: .*");
  }

  @Test
  void boundsThemselvesAreAllowed() {
    LatencyTable table = LatencyTable.parse("lat", "a b 0\nb c 5000");

    assertThat(table.between("a", "b")).isEqualTo(Duration.ZERO);
    assertThat(table.between("b", "c")).isEqualTo(Duration.ofSeconds(5));
  }
}
