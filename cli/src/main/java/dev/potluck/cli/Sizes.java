package dev.potluck.cli;

import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/// Sizes in bytes: `1GiB`, `500MB`, `4096` as a user types them, and as a user reads them.
final class Sizes implements ITypeConverter<Long> {
  private static final Pattern TYPED =
      Pattern.compile("(\\d{1,18})(?:\\.(\\d{1,3}))? ?([A-Za-z]*)");
  private static final Map<String, Long> UNITS =
      Map.ofEntries(
          Map.entry("", 1L),
          Map.entry("b", 1L),
          Map.entry("kib", 1L << 10),
          Map.entry("mib", 1L << 20),
          Map.entry("gib", 1L << 30),
          Map.entry("tib", 1L << 40),
          Map.entry("k", 1L << 10),
          Map.entry("m", 1L << 20),
          Map.entry("g", 1L << 30),
          Map.entry("t", 1L << 40),
          Map.entry("kb", 1_000L),
          Map.entry("mb", 1_000_000L),
          Map.entry("gb", 1_000_000_000L),
          Map.entry("tb", 1_000_000_000_000L));
  private static final String[] SHOWN = {"B", "KiB", "MiB", "GiB", "TiB", "PiB", "EiB"};

  @Override
  public Long convert(String text) {
    var matcher = TYPED.matcher(text);
    var unit = matcher.matches() ? UNITS.get(matcher.group(3).toLowerCase(Locale.ROOT)) : null;
    if (unit == null) {
      throw new TypeConversionException("'" + text + "' is not a size such as 1GiB or 500MB");
    }
    try {
      var whole = Math.multiplyExact(Long.parseLong(matcher.group(1)), unit);
      var decimals = matcher.group(2);
      return decimals == null
          ? whole
          : Math.addExact(whole, Math.round(Double.parseDouble("0." + decimals) * unit));
    } catch (ArithmeticException _) {
      throw new TypeConversionException("'" + text + "' is too large");
    }
  }

  /// A size for people, such as `1.5 MiB`.
  static String shown(long bytes) {
    if (bytes < 1024) {
      return bytes + " B";
    }
    var value = (double) bytes;
    var unit = 0;
    while (value >= 1023.95 && unit < SHOWN.length - 1) {
      value /= 1024;
      unit++;
    }
    return String.format(Locale.ROOT, "%.1f %s", value, SHOWN[unit]);
  }

  /// A rate for people, such as `110.0 MiB/s`.
  static String rate(double bytesPerSecond) {
    return shown((long) bytesPerSecond) + "/s";
  }
}
