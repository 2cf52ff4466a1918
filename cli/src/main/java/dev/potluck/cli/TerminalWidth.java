package dev.potluck.cli;

import java.io.IOException;
import org.jline.terminal.TerminalBuilder;

/// How wide the terminal is, asked of JLine.
final class TerminalWidth {
  private TerminalWidth() {}

  static int columns(int fallback) {
    try (var terminal = TerminalBuilder.builder().system(true).dumb(true).build()) {
      var columns = terminal.getSize().getColumns();
      return columns > 0 ? columns : fallback;
    } catch (IOException _) {
      return fallback;
    }
  }
}
