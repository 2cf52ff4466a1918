package dev.potluck.exchange;

import dev.potluck.content.UsageException;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.OptionalInt;

/// Emulated latency between pairs of peers, as read from a latency file: lines `A B MILLISECONDS`,
/// symmetric, `#` begins a comment. Immutable.
public final class LatencyTable {
  public static final int MAX_MS = 5_000;

  /// What a pair that the file does not mention takes.
  public static final int MISSING_MS = 100;

  private final Map<Pair, Integer> latencyMs;

  private LatencyTable(Map<Pair, Integer> latencyMs) {
    this.latencyMs = Map.copyOf(latencyMs);
  }

  /// Parses a latency file.
  ///
  /// @param file its name, for messages
  /// @throws UsageException naming file and line, at the first thing that is wrong
  public static LatencyTable parse(String file, String text) {
    Map<Pair, Integer> latencyMs = new HashMap<>();
    int number = 0;
    for (String raw : text.lines().toList()) {
      number++;
      int comment = raw.indexOf('#');
      String line = (comment < 0 ? raw : raw.substring(0, comment)).strip();
      if (!line.isEmpty()) {
        String where = file + ", line " + number + ": ";
        addLine(latencyMs, where, line.split("\\s+", -1));
      }
    }
    return new LatencyTable(latencyMs);
  }

  private static void addLine(Map<Pair, Integer> latencyMs, String where, String[] words) {
    if (words.length != 3) {
      throw new UsageException(
          where + "expected A B MILLISECONDS, found " + words.length + " words");
    }
    int ms =
        milliseconds(words[2])
            .orElseThrow(
                () ->
                    new UsageException(
                        where + words[2] + " is not a number of milliseconds from 0 to " + MAX_MS));
    Integer before = latencyMs.put(Pair.of(words[0], words[1]), ms);
    if (before != null && before != ms) {
      throw new UsageException(
          where + words[0] + " and " + words[1] + " had " + before + " ms before, now " + ms);
    }
  }

  private static OptionalInt milliseconds(String word) {
    if (!word.matches("[0-9]{1,9}")) {
      return OptionalInt.empty();
    }
    int ms = Integer.parseInt(word);
    return ms <= MAX_MS ? OptionalInt.of(ms) : OptionalInt.empty();
  }

  /// The latency between two peers by name, in either order; none to oneself.
  public Duration between(String a, String b) {
    return a.equals(b)
        ? Duration.ZERO
        : Duration.ofMillis(latencyMs.getOrDefault(Pair.of(a, b), MISSING_MS));
  }

  private record Pair(String low, String high) {
    static Pair of(String a, String b) {
      return a.compareTo(b) <= 0 ? new Pair(a, b) : new Pair(b, a);
    }
  }
}
