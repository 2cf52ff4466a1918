package dev.potluck.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// A page of what benchmarks found out, and its pictures; the targets come first.
///
/// @param stem what the names of its files begin with
record Report(String stem, String title, String preface, List<Section> sections) {
  Report {
    sections = List.copyOf(sections);
  }

  Report(String stem, String title, String preface) {
    this(stem, title, preface, List.of());
  }

  Report with(Section section) {
    List<Section> all = new ArrayList<>(sections);
    all.add(section);
    return new Report(stem, title, preface, all);
  }

  List<Target> targets() {
    return sections.stream().flatMap(section -> section.targets().stream()).toList();
  }

  /// Writes `STEM.md` and its pictures.
  ///
  /// @return the page
  Path write(Path folder) throws IOException {
    Files.createDirectories(folder);
    int number = 0;
    for (Section section : sections) {
      for (Chart chart : section.charts()) {
        Files.writeString(folder.resolve(picture(number++)), chart.svg());
      }
    }
    return Files.writeString(folder.resolve(stem + ".md"), markdown());
  }

  /// The page.
  String markdown() {
    StringBuilder text = new StringBuilder("# %s%n%n%s%n".formatted(title, preface.strip()));
    List<Target> targets = targets();
    if (sections.size() > 1 && !targets.isEmpty()) {
      text.append("\n## Targets\n\n").append(Target.table(targets).markdown());
    }
    int number = 0;
    for (Section section : sections) {
      List<String> pictures = new ArrayList<>();
      while (pictures.size() < section.charts().size()) {
        pictures.add(picture(number++));
      }
      text.append('\n').append(section.markdown(pictures));
    }
    return text.toString();
  }

  private String picture(int index) {
    return stem + (index == 0 ? "" : "-" + (index + 1)) + ".svg";
  }
}
