package dev.potluck.bench;

import java.util.ArrayList;
import java.util.List;

/// What one benchmark found out: text, tables, pictures, and which targets were met.
final class Section {
  private sealed interface Part {
    record Text(String markdown) implements Part {}

    record Picture(Chart chart) implements Part {}
  }

  private final String title;
  private final List<Part> parts = new ArrayList<>();
  private final List<Target> targets = new ArrayList<>();

  Section(String title) {
    this.title = title;
  }

  @SuppressWarnings("AnnotateFormatMethod") // Error Prone's annotations are no dependency of ours
  Section paragraph(String format, Object... values) {
    parts.add(new Part.Text(format.formatted(values).strip() + "\n"));
    return this;
  }

  Section table(Table table) {
    parts.add(new Part.Text(table.markdown()));
    return this;
  }

  Section chart(Chart chart) {
    parts.add(new Part.Picture(chart));
    return this;
  }

  Section target(Target target) {
    targets.add(target);
    return this;
  }

  List<Target> targets() {
    return List.copyOf(targets);
  }

  List<Chart> charts() {
    return parts.stream()
        .filter(Part.Picture.class::isInstance)
        .map(part -> ((Part.Picture) part).chart())
        .toList();
  }

  /// The section, with a heading.
  ///
  /// @param pictures the names of the files of its charts
  String markdown(List<String> pictures) {
    StringBuilder text = new StringBuilder("## " + title + "\n\n");
    int next = 0;
    for (Part part : parts) {
      switch (part) {
        case Part.Text(var markdown) -> text.append(markdown).append('\n');
        case Part.Picture(var chart) ->
            text.append("![%s](%s)%n%n".formatted(chart.title(), pictures.get(next++)));
      }
    }
    if (!targets.isEmpty()) {
      text.append(Target.table(targets).markdown());
    }
    return text.toString().stripTrailing() + "\n";
  }
}
