package dev.potluck.peer;

import dev.potluck.content.UsageException;
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

  /// Whether it is a member beside others, with a seat if they give it one: it joins a party, or
  /// did so before.
  public boolean joins() {
    Path folder = state.resolve(ControlProtocol.STATE_FOLDER);
    return membership.join().isPresent()
        || PartyState.load(folder).filter(party -> !party.founder()).isPresent();
  }

  /// The same as a member without files: its share is the folder of its state.
  ///
  /// @throws UsageException if only one that keeps the directory alone can be so
  public UpOptions asMember() {
    if (memory) {
      throw new UsageException(
          "--memory is for a tracker that keeps the directory alone: leave it out to join a party");
    }
    UpOptions usual = UpOptions.of(state);
    return new UpOptions(
        state,
        presence,
        membership,
        usual.prefix(),
        usual.acceptConflicts(),
        usual.selection(),
        rhythm,
        usual.settle(),
        usual.trashAge(),
        usual.keepVersions(),
        usual.seatsMax(),
        usual.corruptEvery());
  }

  /// Everything as it is without options.
  public static TrackerOptions of(Path state) {
    return new TrackerOptions(
        state, false, Presence.DEFAULTS, Membership.DEFAULTS, Rhythm.DEFAULTS);
  }
}
