package dev.potluck.bench;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class QuietTest {
  @Test
  void idleAndWaitingForDisksIsNotBusy() {
    var before = Quiet.Ticks.parse("cpu  100 0 50 800 50 0 0 0 0 0\ncpu0 1 2 3\n");
    var after = Quiet.Ticks.parse("cpu  120 0 60 860 60 0 0 0 7 7\ncpu0 1 2 3\n");

    assertThat(before).isEqualTo(new Quiet.Ticks(150, 1000));
    assertThat(after.shareSince(before)).isEqualTo(0.3);
  }

  @Test
  void noTimeHasNoShare() {
    var ticks = new Quiet.Ticks(150, 1000);

    assertThat(ticks.shareSince(ticks)).isZero();
  }
}
