package dev.potluck.bench;

import java.util.Locale;

/// Writes an SVG picture: lines, bars, words. Colours suit light and dark pages.
final class Svg {
  static final String AXIS = "#888888";
  private static final String[] PALETTE = {"#2f7ed8", "#e07b39", "#3aa17e", "#a05195", "#c4a000"};

  private final StringBuilder body = new StringBuilder();
  private final int width;
  private final int height;

  Svg(int width, int height) {
    this.width = width;
    this.height = height;
  }

  /// A colour for the i-th of several things.
  static String colour(int i) {
    return PALETTE[i % PALETTE.length];
  }

  Svg line(double x1, double y1, double x2, double y2, String colour) {
    return add(
        "<line x1=\"%.1f\" y1=\"%.1f\" x2=\"%.1f\" y2=\"%.1f\" stroke=\"%s\"/>",
        x1, y1, x2, y2, colour);
  }

  Svg bar(double x, double y, double width, double height, String colour) {
    return add(
        "<rect x=\"%.1f\" y=\"%.1f\" width=\"%.1f\" height=\"%.1f\" fill=\"%s\"/>",
        x, y, width, height, colour);
  }

  Svg dot(double x, double y, String colour) {
    return add("<circle cx=\"%.1f\" cy=\"%.1f\" r=\"3\" fill=\"%s\"/>", x, y, colour);
  }

  /// @param anchor `start`, `middle` or `end`: which end of the words is at x
  Svg words(double x, double y, String anchor, String words) {
    return add(
        "<text x=\"%.1f\" y=\"%.1f\" text-anchor=\"%s\" fill=\"%s\">%s</text>",
        x, y, anchor, AXIS, escaped(words));
  }

  /// The whole picture.
  String picture() {
    return """
    <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %d %d" width="%d" height="%d" \
    font-family="sans-serif" font-size="12">
    %s</svg>
    """
        .formatted(width, height, width, height, body);
  }

  /// The least of 1, 2 or 5 times a power of ten that is not below `value`.
  static double roundUp(double value) {
    double power = Math.pow(10, Math.floor(Math.log10(value)));
    for (double step : new double[] {1, 2, 5}) {
      if (step * power >= value) {
        return step * power;
      }
    }
    return 10 * power;
  }

  @SuppressWarnings("AnnotateFormatMethod") // Error Prone's annotations are no dependency of ours
  private Svg add(String format, Object... values) {
    body.append(String.format(Locale.ROOT, format, values)).append('\n');
    return this;
  }

  private static String escaped(String words) {
    return words
        .replace("&", "&amp;")
        .replace("<", "&lt;")
        .replace(">", "&gt;")
        .replace("\"", "&quot;");
  }
}
