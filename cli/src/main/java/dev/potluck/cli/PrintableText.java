package dev.potluck.cli;

/// Text from elsewhere, made safe to print: a name may hold line ends and terminal commands.
final class PrintableText {
  private PrintableText() {}

  /// The text with control characters, and characters that reorder or hide text, escaped.
  static String of(String text) {
    if (text.codePoints().noneMatch(PrintableText::isUnsafe)) {
      return text;
    }
    var shown = new StringBuilder(text.length() + 16);
    text.codePoints().forEach(point -> append(shown, point));
    return shown.toString();
  }

  private static void append(StringBuilder shown, int point) {
    switch (point) {
      case '\n' -> shown.append("\\n");
      case '\t' -> shown.append("\\t");
      case '\r' -> shown.append("\\r");
      default -> {
        if (isUnsafe(point)) {
          shown.append(point < 0x100 ? "\\x%02x".formatted(point) : "\\u{%x}".formatted(point));
        } else {
          shown.appendCodePoint(point);
        }
      }
    }
  }

  private static boolean isUnsafe(int point) {
    return switch (Character.getType(point)) {
      case Character.CONTROL,
          Character.LINE_SEPARATOR,
          Character.PARAGRAPH_SEPARATOR,
          Character.SURROGATE ->
          true;
      // Directional overrides: "exe.txt" that is "txt.exe". Joiners, which emoji need, stay.
      case Character.FORMAT -> point != 0x200c && point != 0x200d && point != 0xad;
      default -> false;
    };
  }
}
