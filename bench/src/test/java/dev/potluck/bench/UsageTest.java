package dev.potluck.bench;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class UsageTest {
  private static final String STATUS =
      """
      Name:	x) y
      VmPeak:	  999999 kB
      VmHWM:	  204800 kB
      VmRSS:	  102400 kB
      """;

  @Test
  void aCommandWithBracketsAndBlanksDoesNotShiftTheFields() {
    var stat = "12 (x) y) S 1 12 12 0 -1 4194560 1 2 3 4 150 50 20 30 20 0 9 0 100 0 0";

    var usage = Usage.parse(stat, STATUS);

    assertThat(usage.cpuSeconds()).isEqualTo(2.5);
    assertThat(usage.peakBytes()).isEqualTo(200L << 20);
    assertThat(usage.residentBytes()).isEqualTo(100L << 20);
  }

  @Test
  void thisProcessHasUsedSomething() throws Exception {
    var usage = Usage.of(ProcessHandle.current());

    assertThat(usage.cpuSeconds()).isPositive();
    assertThat(usage.peakBytes()).isGreaterThanOrEqualTo(usage.residentBytes()).isPositive();
  }
}
