package dev.potluck.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine.TypeConversionException;
import tools.jackson.databind.json.JsonMapper;

/// Sizes, durations, names and tables as people read and type them.
final class RenderingTest {
  @ParameterizedTest
  @CsvSource({
    "0, 0 B",
    "1023, 1023 B",
    "1024, 1.0 KiB",
    "1572864, 1.5 MiB",
    "1048575, 1.0 MiB",
    "1073741824, 1.0 GiB",
    "9223372036854775807, 8.0 EiB"
  })
  void sizesAreShownInBinaryUnits(long bytes, String shown) {
    assertThat(Sizes.shown(bytes)).isEqualTo(shown);
  }

  @ParameterizedTest
  @CsvSource({
    "4096, 4096",
    "1GiB, 1073741824",
    "500MB, 500000000",
    "1.5kib, 1536",
    "2k, 2048",
    "3 TB, 3000000000000"
  })
  void sizesAreUnderstood(String typed, long bytes) {
    assertThat(new Sizes().convert(typed)).isEqualTo(bytes);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "x", "1XB", "-1", "1e9", "9999999999TiB"})
  void whatIsNoSizeIsRefused(String typed) {
    assertThatThrownBy(() -> new Sizes().convert(typed))
        .isInstanceOf(TypeConversionException.class);
  }

  @ParameterizedTest
  @CsvSource({"500ms, PT0.5S", "5s, PT5S", "10m, PT10M", "2h, PT2H", "30d, PT720H", "0, PT0S"})
  void durationsAreUnderstood(String typed, Duration duration) {
    assertThat(new Durations().convert(typed)).isEqualTo(duration);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "5", "-5s", "5 weeks", "1.5h", "99999999999s"})
  void whatIsNoDurationIsRefused(String typed) {
    assertThatThrownBy(() -> new Durations().convert(typed))
        .isInstanceOf(TypeConversionException.class);
  }

  @ParameterizedTest
  @CsvSource({
    "PT0.42S, 0.4 s",
    "PT12.9S, 12 s",
    "PT3M20S, 3 min 20 s",
    "PT5H7M, 5 h 7 min",
    "P3DT2H, 3 d 2 h"
  })
  void durationsAreShown(Duration duration, String shown) {
    assertThat(Durations.shown(duration)).isEqualTo(shown);
  }

  @Test
  void namesCannotSteerTheTerminal() {
    assertThat(PrintableText.of("a\nb\tc\u001b[2J\u0085\u202etxt"))
        .isEqualTo("a\\nb\\tc\\x1b[2J\\x85\\u{202e}txt");
  }

  @Test
  void otherLettersStayAsTheyAre() {
    assertThat(PrintableText.of("отчёт за май 👩‍💻 日本.txt"))
        .isEqualTo("отчёт за май 👩‍💻 日本.txt");
  }

  @Test
  void columnsAreAlignedAlsoWithWideLetters() {
    var table = new Table("NAME", ">SIZE", "X");
    table.row("日本", "1 B", "a");
    table.row("abc\n", "22 B", "");

    assertThat(table.lines())
        .containsExactly(
            "NAME   SIZE  X", //
            "日本    1 B  a",
            "abc\\n  22 B");
  }

  @Test
  void progressSaysRateHoldersAndTimeLeft() {
    var progress =
        JsonMapper.shared()
            .readTree(
                "{\"name\":\"film.mkv\",\"bytes\":52428800,\"of\":104857600,\"rate\":10485760,"
                    + "\"holders\":3,\"files\":0,\"files_of\":1}");

    assertThat(ProgressBar.line(progress, 120))
        .isEqualTo(
            "film.mkv  50% [##########----------] 50.0 MiB of 100.0 MiB  10.0 MiB/s  3 holders"
                + "  5.0 s left");
    assertThat(ProgressBar.line(progress, 40)).hasSizeLessThan(40);
  }
}
