package dev.potluck.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jline.reader.EOFError;
import org.jline.reader.Parser.ParseContext;
import org.jline.reader.impl.DefaultParser;

/// A line of the shell as a command line: quotes as in other shells, and the classic words.
final class ShellWords {
  private static final Map<String, String> CLASSIC =
      Map.of("updatelist", "update", "getload", "load", "download", "get", "upload", "put");

  /// Would take the terminal from the shell.
  static final Set<String> NOT_HERE = Set.of("shell", "up", "tracker", "demo");

  private ShellWords() {}

  /// The words of a line; none for an empty line or a comment.
  ///
  /// @throws EOFError if a quote is not closed
  static List<String> of(String line) {
    if (line.isBlank() || line.strip().startsWith("#")) {
      return List.of();
    }
    var words =
        new ArrayList<>(
            new DefaultParser()
                .eofOnUnclosedQuote(true)
                .parse(line.strip(), line.strip().length(), ParseContext.ACCEPT_LINE)
                .words());
    return classic(words);
  }

  private static List<String> classic(List<String> words) {
    var first = words.getFirst();
    if (first.equals("getload") && words.size() == 3 && words.get(2).matches("\\d{1,5}")) {
      return List.of("load", words.get(1) + ":" + words.get(2));
    }
    var changed = new ArrayList<>(words);
    changed.set(0, CLASSIC.getOrDefault(first, first));
    return List.copyOf(changed);
  }

  /// The classic words that are commands here.
  static Set<String> classicWords() {
    return CLASSIC.keySet();
  }
}
