package dev.potluck.directory;

import dev.potluck.content.Name;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.function.Predicate;

/// Where a file is kept that lost its name: beside it, as `name.conflict-<peer>-<yyyymmdd-hhmmss>`
/// (UTC), shortened at a character's boundary to fit, and numbered if that is taken.
public final class ConflictName {
  private static final DateTimeFormatter STAMP =
      DateTimeFormatter.ofPattern("uuuuMMdd-HHmmss", Locale.ROOT).withZone(ZoneOffset.UTC);

  private static final String MARK = "conflict";

  private ConflictName() {}

  /// @param peer what people call the peer whose file it is
  /// @param taken which names can't be used
  public static Name of(Name name, String peer, Instant now, Predicate<Name> taken) {
    String suffix = suffix(MARK, peer, now);
    for (int attempt = 1; ; attempt++) {
      Name candidate = marked(name.value(), attempt == 1 ? suffix : suffix + "-" + attempt);
      if (!taken.test(candidate)) {
        return candidate;
      }
    }
  }

  /// A name beside another, with a mark and when that was: `name.<mark>-<peer>-<yyyymmdd-hhmmss>`.
  public static Name marked(Name name, String mark, String peer, Instant now) {
    return marked(name.value(), suffix(mark, peer, now));
  }

  /// The name for something whose folder's name is a file's: the folder is called otherwise, so
  /// that all in it stays together.
  static Name below(Name folder, Name name, String peer, Instant now, Predicate<Name> taken) {
    String suffix = suffix(MARK, peer, now);
    String rest = name.value().substring(folder.value().length());
    for (int attempt = 1; ; attempt++) {
      String marked =
          marked(folder.value(), attempt == 1 ? suffix : suffix + "-" + attempt).value();
      if (!Name.isValid(marked + rest)) {
        String parent = folder.value().substring(0, folder.value().lastIndexOf('/') + 1);
        return of(Name.of(parent + name.last()), peer, now, taken);
      }
      Name candidate = Name.of(marked + rest);
      if (!taken.test(candidate)) {
        return candidate;
      }
    }
  }

  private static String suffix(String mark, String peer, Instant now) {
    return "." + mark + "-" + peer + "-" + STAMP.format(now);
  }

  private static Name marked(String text, String suffix) {
    int slash = text.lastIndexOf('/');
    String parent = text.substring(0, slash + 1);
    // A folder so deep that nothing fits in it any more: beside one of its own folders then.
    while (bytes(parent) + suffix.length() + 4 > Name.MAX_BYTES) {
      parent = parent.substring(0, parent.lastIndexOf('/', parent.length() - 2) + 1);
    }
    int room = Math.min(Name.MAX_COMPONENT_BYTES, Name.MAX_BYTES - bytes(parent));
    return Name.of(parent + shortened(text.substring(slash + 1), room - bytes(suffix)) + suffix);
  }

  /// The longest beginning that has no more than so many bytes and cuts no character in two.
  private static String shortened(String text, int maxBytes) {
    int bytes = 0;
    for (int i = 0; i < text.length(); ) {
      int point = text.codePointAt(i);
      bytes += point < 0x80 ? 1 : point < 0x800 ? 2 : point < 0x10000 ? 3 : 4;
      if (bytes > maxBytes) {
        return text.substring(0, i);
      }
      i += Character.charCount(point);
    }
    return text;
  }

  private static int bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8).length;
  }
}
