package dev.potluck.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.potluck.content.FailedException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Commands in processes of their own.
@Timeout(60)
final class PotluckProcessTest {
  @TempDir private Path folder;

  @Test
  void outputErrorsAndStatusAreKept() throws Exception {
    try (var party = Party.in(folder)) {
      var version = party.command(List.of("version"));
      var wrong = party.command(List.of("find"));

      assertThat(version.status()).isZero();
      assertThat(version.out()).startsWith("potluck ");
      assertThat(version.err()).isEmpty();
      assertThat(wrong.status()).isEqualTo(2);
      assertThat(wrong.out()).isEmpty();
      assertThat(wrong.err()).contains("missing NAME");
    }
  }

  @Test
  void processThatEndsInsteadOfServingIsReportedWithItsLog() throws Exception {
    try (var process =
        PotluckProcess.start(
            folder, folder.resolve("log"), PotluckProcess.Java.OWN, List.of("up", "--nonsense"))) {
      assertThatThrownBy(() -> process.awaitReady(Duration.ofSeconds(30)))
          .isInstanceOf(FailedException.class)
          .hasMessageContaining("unknown option: --nonsense");
    }
  }
}
