package dev.potluck.peer;

import java.nio.file.Path;

/// What `potluck tracker` starts a dedicated directory with. Its name is `tracker`.
///
/// @param state the folder of its key, authority, used tickets and, unless `memory`, the directory;
///   absolute; made if it is not there
/// @param memory files are forgotten when it ends; peers announce them again
/// @param presence where it is reached
/// @param membership which party it is in
/// @param rhythm what it asks of its peers
public record TrackerOptions(
    Path state, boolean memory, Presence presence, Membership membership, Rhythm rhythm) {
  public static final String NAME = "tracker";

  public TrackerOptions {
    if (!state.isAbsolute()) {
      throw new IllegalArgumentException("not absolute: " + state);
    }
    presence = presence.withName(NAME);
  }

  /// Everything as it is without options.
  public static TrackerOptions of(Path state) {
    return new TrackerOptions(
        state, false, Presence.DEFAULTS, Membership.DEFAULTS, Rhythm.DEFAULTS);
  }
}
