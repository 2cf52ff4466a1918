package dev.potluck.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.io.IOException;
import java.io.StringReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.xml.sax.InputSource;

class ReportTest {
  private static final BarChart BARS =
      new BarChart(
          "a < b & c",
          "s",
          List.of(new BarChart.Bar("one", 2, 1, 3), new BarChart.Bar("two", 0, 0, 0)));
  private static final LineChart LINES =
      new LineChart(
          "lines",
          "holders",
          "s",
          List.of(
              new LineChart.Line(
                  "classic", List.of(new LineChart.Point(1, 4), new LineChart.Point(8, 3)))));

  @Test
  void aReportIsAPageWithItsPicturesBesideIt(@TempDir Path folder) throws IOException {
    var table = new Table(List.of("system", "s"));
    table.add("a|b", "1.0");
    var section =
        new Section("Part").paragraph("Said %d.", 1).table(table).chart(BARS).chart(LINES);
    var report = new Report("2026-11-21-single", "Title", "Where.").with(section);

    var page = report.write(folder);

    assertThat(page).hasFileName("2026-11-21-single.md");
    assertThat(Files.readString(page))
        .isEqualTo(
            """
            # Title

            Where.

            ## Part

            Said 1.

            | system | s |
            | --- | ---: |
            | a\\|b | 1.0 |

            ![a < b & c](2026-11-21-single.svg)

            ![lines](2026-11-21-single-2.svg)
            """);
    assertThat(folder.resolve("2026-11-21-single.svg")).hasContent(BARS.svg());
    assertThat(folder.resolve("2026-11-21-single-2.svg")).hasContent(LINES.svg());
  }

  @Test
  void targetsOfAllSectionsComeFirst() {
    var one = new Section("One").chart(BARS).target(Target.atMost("quick", 0.5, 0.75, "s"));
    var two = new Section("Two").chart(LINES).target(Target.atLeast("much", 1200, 1500, ""));

    var report = new Report("stem", "Title", "Where.").with(one).with(two);

    assertThat(report.targets()).extracting(Target::isMet).containsExactly(true, false);
    assertThat(report.markdown())
        .containsSubsequence(
            "## Targets",
            "| quick | 0.50 s | at most 0.75 s | yes |",
            "| much | 1,200 | at least 1,500 | **no** |",
            "## One",
            "(stem.svg)",
            "## Two",
            "(stem-2.svg)");
  }

  @Test
  void whatCouldNotBeMeasuredIsNotMet() {
    assertThat(Target.atMost("quick", Double.NaN, 1, "s").isMet()).isFalse();
    assertThat(Target.atLeast("much", Double.NaN, 1, "s").isMet()).isFalse();
  }

  @Test
  void picturesAreWellFormedAndHaveNoNumberThatIsNone() throws Exception {
    for (Chart chart : List.of(BARS, LINES)) {
      var document =
          DocumentBuilderFactory.newInstance()
              .newDocumentBuilder()
              .parse(new InputSource(new StringReader(chart.svg())));

      assertThat(document.getDocumentElement().getTagName()).isEqualTo("svg");
      assertThat(document.getDocumentElement().getTextContent()).contains(chart.title());
      assertThat(chart.svg()).doesNotContain("NaN").doesNotContain("Infinity");
    }
  }

  @Test
  void axesEndAtRoundFigures() {
    assertThat(Svg.roundUp(0.3)).isEqualTo(0.5);
    assertThat(Svg.roundUp(1)).isEqualTo(1);
    assertThat(Svg.roundUp(13)).isEqualTo(20);
    assertThat(Svg.roundUp(51)).isEqualTo(100);
  }

  @Test
  void aRowHasACellUnderEveryHeading() {
    var table = new Table(List.of("system", "s"));

    assertThatIllegalArgumentException().isThrownBy(() -> table.add("alone"));
  }
}
