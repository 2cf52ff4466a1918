package dev.potluck.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;

/// What a benchmark found out, as a page of text with pictures.
final class Report {
  private sealed interface Part {
    record Text(String markdown) implements Part {}

    record Picture(Chart chart) implements Part {}
  }

  private final String title;
  private final List<Part> parts = new ArrayList<>();

  Report(String title) {
    this.title = title;
  }

  @SuppressWarnings("AnnotateFormatMethod") // Error Prone's annotations are no dependency of ours
  Report paragraph(String format, Object... values) {
    parts.add(new Part.Text(format.formatted(values) + "\n"));
    return this;
  }

  Report table(Table table) {
    parts.add(new Part.Text(table.markdown()));
    return this;
  }

  Report chart(Chart chart) {
    parts.add(new Part.Picture(chart));
    return this;
  }

  /// Writes `DAY-NAME.md` and its pictures.
  ///
  /// @return the page
  Path write(Path folder, String name, LocalDate day) throws IOException {
    Files.createDirectories(folder);
    String stem = day + "-" + name;
    List<Chart> charts = charts();
    for (int i = 0; i < charts.size(); i++) {
      Files.writeString(folder.resolve(picture(stem, i)), charts.get(i).svg());
    }
    return Files.writeString(folder.resolve(stem + ".md"), markdown(stem));
  }

  /// The page.
  ///
  /// @param stem what its pictures' names begin with
  String markdown(String stem) {
    StringBuilder text = new StringBuilder("# " + title + "\n\n");
    int pictures = 0;
    for (Part part : parts) {
      switch (part) {
        case Part.Text(var markdown) -> text.append(markdown).append('\n');
        case Part.Picture(var chart) ->
            text.append("![%s](%s)%n%n".formatted(chart.title(), picture(stem, pictures++)));
      }
    }
    return text.toString().stripTrailing() + "\n";
  }

  private List<Chart> charts() {
    return parts.stream()
        .filter(Part.Picture.class::isInstance)
        .map(part -> ((Part.Picture) part).chart())
        .toList();
  }

  private static String picture(String stem, int index) {
    return stem + (index == 0 ? "" : "-" + (index + 1)) + ".svg";
  }
}
