package dev.potluck.cli;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.logging.ConsoleHandler;
import java.util.logging.Formatter;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;

/// The daemon's log: standard error, one short line each.
final class DaemonLog {
  private static final Logger ROOT = Logger.getLogger("");
  private static final Logger OURS = Logger.getLogger("dev.potluck");

  /// Libraries that call a lost connection a warning.
  private static final List<Logger> CHATTY =
      List.of(
          Logger.getLogger("io.netty"),
          Logger.getLogger("io.grpc"),
          Logger.getLogger("org.apache.ratis"));

  private DaemonLog() {}

  /// From now on, ours from information on, others from warnings on; more if `verbose`.
  static void open(boolean verbose) {
    Arrays.stream(ROOT.getHandlers()).forEach(ROOT::removeHandler);
    var handler = new ConsoleHandler();
    handler.setFormatter(new OneLine());
    handler.setLevel(Level.ALL);
    ROOT.addHandler(handler);
    ROOT.setLevel(verbose ? Level.INFO : Level.WARNING);
    OURS.setLevel(verbose ? Level.FINE : Level.INFO);
    CHATTY.forEach(logger -> logger.setLevel(verbose ? Level.INFO : Level.SEVERE));
  }

  /// Time, level, last part of the logger's name, message; a stack trace only for what is severe.
  static final class OneLine extends Formatter {
    private static final DateTimeFormatter TIME =
        DateTimeFormatter.ofPattern("HH:mm:ss.SSS", Locale.ROOT).withZone(ZoneId.systemDefault());

    @Override
    public String format(LogRecord entry) {
      var logger = entry.getLoggerName() == null ? "" : entry.getLoggerName();
      var line = new StringBuilder(120);
      line.append(TIME.format(entry.getInstant())).append(' ');
      if (entry.getLevel().intValue() >= Level.WARNING.intValue()) {
        line.append(entry.getLevel().getName().toLowerCase(Locale.ROOT)).append(' ');
      }
      line.append(logger.substring(logger.lastIndexOf('.') + 1)).append(": ");
      line.append(PrintableText.of(formatMessage(entry)));
      append(line, entry);
      return line.append('\n').toString();
    }

    private static void append(StringBuilder line, LogRecord entry) {
      var thrown = entry.getThrown();
      if (thrown == null) {
        return;
      }
      if (entry.getLevel().intValue() < Level.SEVERE.intValue()) {
        line.append(" (").append(PrintableText.of(thrown.toString())).append(')');
        return;
      }
      var trace = new StringWriter();
      thrown.printStackTrace(new PrintWriter(trace, true));
      line.append('\n').append(trace.toString().stripTrailing());
    }
  }
}
