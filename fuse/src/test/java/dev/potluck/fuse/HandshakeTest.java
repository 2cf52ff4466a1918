package dev.potluck.fuse;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// The numbers of the answer to INIT.
class HandshakeTest {
  @ParameterizedTest
  @CsvSource({"1024, 1024, 768", "8, 8, 6", "100000, 65535, 49151"})
  void asMuchIsDoneInTheBackgroundAsIsWorkedOnAtOnce(
      int requestsMax, int maxBackground, int congestionThreshold) {
    InitIn in = new InitIn(7, 45, 1 << 17, 0, 0);
    MountOptions options =
        MountOptions.of("potluck-test", "potluck-test").withRequestsMax(requestsMax);

    InitOut out = Handshake.answer(in, new Features(45, 0, 1 << 20, false), options);

    assertThat(Short.toUnsignedInt(out.maxBackground())).isEqualTo(maxBackground);
    assertThat(Short.toUnsignedInt(out.congestionThreshold())).isEqualTo(congestionThreshold);
  }
}
