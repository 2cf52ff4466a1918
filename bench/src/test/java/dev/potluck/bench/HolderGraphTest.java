package dev.potluck.bench;

import static org.assertj.core.api.Assertions.assertThat;

import dev.potluck.exchange.LatencyTable;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class HolderGraphTest {
  @Test
  void bothWaysToSelectMeetTheSameLatencies() {
    var table = LatencyTable.parse("latencies", HolderGraph.latencies());

    for (int holder = 1; holder <= 8; holder++) {
      for (int i = 0; i < 4; i++) {
        assertThat(table.between("h" + holder, "c" + i))
            .isEqualTo(table.between("h" + holder, "a" + i))
            .isBetween(Duration.ofMillis(20), Duration.ofMillis(300));
      }
    }
  }
}
