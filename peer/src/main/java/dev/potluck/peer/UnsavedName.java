package dev.potluck.peer;

import dev.potluck.content.Name;
import dev.potluck.directory.ConflictName;
import java.time.Instant;
import java.util.regex.Pattern;

/// Where a draft is kept that could not be committed: beside its name, as
/// `name.unsaved-<peer>-<yyyymmdd-hhmmss>` (UTC), shortened to fit as a conflict copy's is.
final class UnsavedName {
  private static final Pattern MARK = Pattern.compile("\\.unsaved-.+-\\d{8}-\\d{6}$");

  private UnsavedName() {}

  static Name of(Name name, String peer, Instant now) {
    return ConflictName.marked(name, "unsaved", peer, now);
  }

  /// Whether a draft was kept under this name.
  static boolean isOne(Name name) {
    return MARK.matcher(name.value()).find();
  }
}
