package dev.potluck.peer;

import dev.potluck.content.Name;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.regex.Pattern;

/// Where a draft is kept that could not be committed: beside its name, as
/// `name.unsaved-<peer>-<yyyymmdd-hhmmss>` (UTC), shortened at a character's boundary to fit.
final class UnsavedName {
  private static final DateTimeFormatter STAMP =
      DateTimeFormatter.ofPattern("uuuuMMdd-HHmmss", Locale.ROOT).withZone(ZoneOffset.UTC);
  private static final Pattern MARK = Pattern.compile("\\.unsaved-.+-\\d{8}-\\d{6}$");

  private UnsavedName() {}

  static Name of(Name name, String peer, Instant now) {
    String suffix = ".unsaved-" + peer + "-" + STAMP.format(now);
    String kept = name.value();
    int parent = kept.lastIndexOf('/') + 1;
    while (!Name.isValid(kept + suffix) && kept.length() > parent) {
      kept = kept.substring(0, kept.offsetByCodePoints(kept.length(), -1));
    }
    return Name.of(kept + suffix);
  }

  /// Whether a draft was kept under this name.
  static boolean isOne(Name name) {
    return MARK.matcher(name.value()).find();
  }
}
