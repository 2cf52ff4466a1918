package dev.potluck.cli;

import java.time.Duration;
import java.util.Locale;
import tools.jackson.databind.JsonNode;

/// One line on a terminal that says how far a download is, at what rate, from how many holders, and
/// how long it will take. Draws nothing where standard error is no terminal.
final class ProgressBar implements AutoCloseable {
  private static final int DEFAULT_COLUMNS = 80;
  private static final int BAR_CELLS = 20;
  private static final String ERASE = "\r\u001b[K";

  private final Surroundings surroundings;
  private final int columns;
  private boolean drawn;

  ProgressBar(Surroundings surroundings) {
    this.surroundings = surroundings;
    this.columns = columns(surroundings);
  }

  /// Draws what the daemon says: `{name, bytes, of, rate, holders, files, files_of}`.
  void show(JsonNode progress) {
    if (!surroundings.progress()) {
      return;
    }
    surroundings.err().print(ERASE + line(progress, columns));
    surroundings.err().flush();
    drawn = true;
  }

  /// Leaves a clean line behind.
  @Override
  public void close() {
    if (drawn) {
      surroundings.err().print(ERASE);
      surroundings.err().flush();
      drawn = false;
    }
  }

  static String line(JsonNode progress, int columns) {
    var bytes = progress.path("bytes").asLong();
    var of = Math.max(progress.path("of").asLong(), 1);
    var rate = progress.path("rate").asDouble();
    var done = Math.clamp((double) bytes / of, 0, 1);
    var filled = (int) (done * BAR_CELLS);
    var files = progress.path("files_of").asLong(1);
    var facts =
        String.format(
            Locale.ROOT,
            " %3d%% [%s%s] %s of %s  %s  %s holders%s%s",
            (int) (done * 100),
            "#".repeat(filled),
            "-".repeat(BAR_CELLS - filled),
            Sizes.shown(bytes),
            Sizes.shown(of),
            Sizes.rate(rate),
            progress.path("holders").asString("?"),
            files > 1 ? "  " + progress.path("files").asString("0") + "/" + files + " files" : "",
            rate > 0 ? "  " + Durations.shown(left(of - bytes, rate)) + " left" : "");
    var name = PrintableText.of(progress.path("name").asString(""));
    var room = columns - facts.length() - 1;
    return fitted(name, Math.max(room, 0)) + fitted(facts, columns - 1);
  }

  private static Duration left(long bytes, double rate) {
    return Duration.ofMillis((long) Math.min(bytes / rate * 1000, Integer.MAX_VALUE));
  }

  private static String fitted(String text, int length) {
    return text.length() <= length ? text : length < 2 ? "" : text.substring(0, length - 1) + "…";
  }

  private static int columns(Surroundings surroundings) {
    try {
      return Integer.parseInt(surroundings.variables().getOrDefault("COLUMNS", ""));
    } catch (NumberFormatException _) {
      return surroundings.progress() ? TerminalWidth.columns(DEFAULT_COLUMNS) : DEFAULT_COLUMNS;
    }
  }
}
