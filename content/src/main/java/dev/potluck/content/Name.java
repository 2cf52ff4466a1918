package dev.potluck.content;

import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The path of a thing in the party: UTF-8, `/` between components, relative. No component is
/// empty, `.`, `..` or `.potluck` (Potluck's own state), none holds a NUL, each has at most 255
/// bytes and the whole at most 3,800. Ordered as its text.
public record Name(String value) implements Comparable<Name> {
  public static final int MAX_BYTES = 3_800;
  public static final int MAX_COMPONENT_BYTES = 255;

  /// The folder of Potluck's own state in a share; never a component of a name.
  public static final String RESERVED = ".potluck";

  /// @throws UsageException if the text is not a name; the message says why
  public Name {
    String problem = problemWith(value);
    if (problem != null) {
      throw new UsageException("not a name: " + abbreviated(value) + " (" + problem + ")");
    }
  }

  /// @throws UsageException if the text is not a name; the message says why
  public static Name of(String value) {
    return new Name(value);
  }

  /// Whether {@link #of} would accept the text.
  public static boolean isValid(String value) {
    return problemWith(value) == null;
  }

  public List<String> components() {
    return List.of(value.split("/", -1));
  }

  /// The last component.
  public String last() {
    return value.substring(value.lastIndexOf('/') + 1);
  }

  /// The name of a thing in this folder.
  ///
  /// @throws UsageException if the result is not a name
  public Name resolve(String relative) {
    return new Name(value + "/" + relative);
  }

  /// Whether this is the folder itself or lies in it, however deep.
  public boolean isIn(Name folder) {
    return value.startsWith(folder.value)
        && (value.length() == folder.value.length() || value.charAt(folder.value.length()) == '/');
  }

  /// Length in UTF-8 bytes.
  public int lengthBytes() {
    return value.getBytes(StandardCharsets.UTF_8).length;
  }

  @Override
  public int compareTo(Name other) {
    return value.compareTo(other.value);
  }

  @Override
  public String toString() {
    return value;
  }

  private static @Nullable String problemWith(String value) {
    if (value.isEmpty()) {
      return "it is empty";
    }
    if (value.length() > MAX_BYTES) {
      return "longer than " + MAX_BYTES + " bytes";
    }
    int totalBytes = encodedBytes(value, 0, value.length());
    if (totalBytes < 0) {
      return "not encodable as UTF-8";
    }
    if (totalBytes > MAX_BYTES) {
      return "longer than " + MAX_BYTES + " bytes";
    }
    if (value.indexOf('\0') >= 0) {
      return "it holds a NUL";
    }
    for (int start = 0; start <= value.length(); ) {
      int slash = value.indexOf('/', start);
      int end = slash < 0 ? value.length() : slash;
      String problem = problemWithComponent(value, start, end);
      if (problem != null) {
        return problem;
      }
      start = end + 1;
    }
    return null;
  }

  private static @Nullable String problemWithComponent(String value, int start, int end) {
    int length = end - start;
    if (length == 0) {
      return "a component is empty";
    }
    if (value.charAt(start) == '.'
        && (length == 1 || (length == 2 && value.charAt(start + 1) == '.'))) {
      return "a component is . or ..";
    }
    if (length == RESERVED.length() && value.startsWith(RESERVED, start)) {
      return RESERVED + " is Potluck's own";
    }
    // A character takes at most three bytes, a surrogate pair four: short ones need no counting.
    if (length * 3 > MAX_COMPONENT_BYTES && encodedBytes(value, start, end) > MAX_COMPONENT_BYTES) {
      return "a component is longer than " + MAX_COMPONENT_BYTES + " bytes";
    }
    return null;
  }

  private static int encodedBytes(String value, int start, int end) {
    try {
      return StandardCharsets.UTF_8.newEncoder().encode(CharBuffer.wrap(value, start, end)).limit();
    } catch (CharacterCodingException e) {
      return -1;
    }
  }

  private static String abbreviated(String value) {
    String shown = value.length() > 80 ? value.substring(0, 80) + "…" : value;
    return '"' + shown.replaceAll("\\p{Cntrl}", "?") + '"';
  }
}
