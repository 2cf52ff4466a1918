package dev.potluck.fuse;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class KernelReleaseTest {
  @ParameterizedTest
  @CsvSource({
    "6.18.10, true",
    "6.18.44-fc-v595, true",
    "6.19-rc1, true",
    "7.0.1, true",
    "6.18.9-arch1, false",
    "6.18.0, false",
    "6.12.90+deb13-amd64, false",
    "5.15.0-130-generic, false",
    "unknown, false"
  })
  void directWritesNeedAKernelThatDropsWhatIsCachedAfterwards(String release, boolean recent) {
    assertThat(Features.isRecent(release)).isEqualTo(recent);
  }
}
