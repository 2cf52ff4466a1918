package dev.potluck.wire;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// The one range of a content that a request asks for (RFC 9110, 14.1.2).
///
/// @param partial whether the client asked for a range at all
record ByteRange(long offset, long lengthBytes, boolean partial) {
  private static final String UNIT = "bytes=";

  /// Reads a Range header; several ranges, or what is no range, mean the whole as the RFC allows.
  ///
  /// @return empty if the range lies outside
  static Optional<ByteRange> of(@Nullable String header, long size) {
    ByteRange whole = new ByteRange(0, size, false);
    if (header == null || !header.startsWith(UNIT) || header.length() > 64) {
      return Optional.of(whole);
    }
    String spec = header.substring(UNIT.length());
    int dash = spec.indexOf('-');
    if (dash < 0 || spec.indexOf(',') >= 0) {
      return Optional.of(whole);
    }
    try {
      if (dash == 0) {
        long last = Math.min(number(spec, 1, spec.length()), size);
        return last == 0 ? Optional.empty() : Optional.of(new ByteRange(size - last, last, true));
      }
      long first = number(spec, 0, dash);
      boolean toEnd = dash == spec.length() - 1;
      long last = toEnd ? size - 1 : Math.min(number(spec, dash + 1, spec.length()), size - 1);
      if (first >= size) {
        return Optional.empty();
      }
      return last < first
          ? Optional.of(whole)
          : Optional.of(new ByteRange(first, last - first + 1, true));
    } catch (NumberFormatException e) {
      return Optional.of(whole);
    }
  }

  private static long number(String text, int from, int to) {
    if (from == to || !Character.isDigit(text.charAt(from))) {
      throw new NumberFormatException("no digit");
    }
    return Long.parseLong(text, from, to, 10);
  }

  long last() {
    return offset + lengthBytes - 1;
  }
}
