package dev.potluck.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

import java.io.IOException;
import org.junit.jupiter.api.Test;

class TrafficTest {
  private static final String TABLE =
      """
      Inter-|   Receive                                                |  Transmit
       face |bytes    packets errs drop fifo frame compressed multicast|bytes    packets errs drop
          lo:     500       5    0    0    0     0          0         0      500       5    0    0
        eth0:12345678     100    0    0    0     0          0         0     9876      90    0    0
      """;

  @Test
  void bothDirectionsOfADeviceAreRead() throws IOException {
    assertThat(Traffic.parse(TABLE, "eth0")).isEqualTo(new Traffic(12_345_678, 9_876));
    assertThat(Traffic.parse(TABLE, "eth0").since(new Traffic(12_345_000, 9_000)))
        .isEqualTo(new Traffic(678, 876));
  }

  @Test
  void aDeviceThatIsNotThereIsAnError() {
    assertThatIOException().isThrownBy(() -> Traffic.parse(TABLE, "eth1"));
  }
}
