package dev.potluck.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/// What was measured on.
final class Machine {
  private Machine() {}

  /// A few words for a report.
  static String described() throws IOException {
    return "%d x %s, %.0f GiB, Linux %s, Java %s"
        .formatted(
            Runtime.getRuntime().availableProcessors(),
            field("/proc/cpuinfo", "model name"),
            Double.parseDouble(field("/proc/meminfo", "MemTotal").replace("kB", "").strip())
                / (1 << 20),
            Files.readString(Path.of("/proc/sys/kernel/osrelease")).strip(),
            Runtime.version());
  }

  /// Adds what was measured on, how often, and what could not be.
  static Section sign(Section section, Lab lab, List<String> leftOut) throws IOException {
    leftOut.forEach(line -> section.paragraph("%s", line));
    return section.paragraph(
        "%d rounds in turns; ratios are medians of the rounds' ratios. Load average at the end %s%s.",
        lab.options().rounds(), loadAverage(), preference(lab));
  }

  static String loadAverage() throws IOException {
    return Files.readString(Path.of("/proc/loadavg")).split(" ", -1)[0];
  }

  private static String preference(Lab lab) {
    return lab.isPreferred()
        ? "; all that was measured had %d times a stranger's share of the processors"
            .formatted(Priority.TIMES)
        : "";
  }

  /// Whether a program is here.
  static boolean has(String program) {
    return List.of("/usr/bin", "/usr/sbin", "/bin", "/sbin", "/usr/local/bin").stream()
        .anyMatch(folder -> Files.isExecutable(Path.of(folder, program)));
  }

  private static String field(String file, String name) throws IOException {
    return Files.readAllLines(Path.of(file)).stream()
        .filter(line -> line.startsWith(name))
        .map(line -> line.substring(line.indexOf(':') + 1).strip())
        .findFirst()
        .orElse("unknown");
  }
}
