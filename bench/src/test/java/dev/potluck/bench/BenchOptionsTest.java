package dev.potluck.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.potluck.content.UsageException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

class BenchOptionsTest {
  private static final Path HERE = Path.of("/here");
  private static final Path RESULTS = Path.of("/results");

  @Test
  void whatIsUnsaidIsAsTheTargetsAreStated() {
    var options = parse();

    assertThat(options.rounds()).isEqualTo(5);
    assertThat(options.bytesOr(1024)).isEqualTo(1L << 30);
    assertThat(options.files()).isEqualTo(10_000);
    assertThat(options.peers()).containsExactly(8, 16);
    assertThat(options.results()).isEqualTo(RESULTS);
  }

  @Test
  void everyOptionCanBeSaid() {
    var options =
        parse(
            "-n",
            "7",
            "--mib",
            "8",
            "--files",
            "9",
            "--peers",
            "2,3",
            "--seconds",
            "2",
            "--results",
            "there");

    assertThat(options.rounds()).isEqualTo(7);
    assertThat(options.bytesOr(1024)).isEqualTo(8L << 20);
    assertThat(options.files()).isEqualTo(9);
    assertThat(options.peers()).containsExactly(2, 3);
    assertThat(options.seconds()).isEqualTo(2);
    assertThat(options.results()).isEqualTo(Path.of("/here/there"));
  }

  @Test
  void wrongWordsAreRefusedWithTheUsage() {
    assertThatExceptionOfType(UsageException.class)
        .isThrownBy(() -> parse("--fast", "1"))
        .withMessageContaining("--fast")
        .withMessageContaining("-n N");
    assertThatExceptionOfType(UsageException.class).isThrownBy(() -> parse("-n"));
    assertThatExceptionOfType(UsageException.class).isThrownBy(() -> parse("-n", "many"));
    assertThatExceptionOfType(UsageException.class).isThrownBy(() -> parse("-n", "0"));
    assertThatExceptionOfType(UsageException.class).isThrownBy(() -> parse("--peers", "8,"));
  }

  private static BenchOptions parse(String... words) {
    return BenchOptions.parse(List.of(words), HERE, RESULTS);
  }
}
