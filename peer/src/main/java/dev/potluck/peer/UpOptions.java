package dev.potluck.peer;

import dev.potluck.content.Name;
import dev.potluck.content.UsageException;
import dev.potluck.directory.Directory;
import dev.potluck.directory.Seating;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/// What `potluck up` starts a peer with.
///
/// @param share the folder to share, absolute; made if it is not there
/// @param presence where it is reached and what it is called
/// @param membership which party it is in
/// @param prefix put before the names of this share's own files
/// @param acceptConflicts at a first join, keep clashing files beside the party's, however many
/// @param selection how holders are chosen
/// @param rhythm the directory's, if this peer hosts it
/// @param settle a file is announced once it was unchanged for this long
/// @param trashAge how long replaced and deleted files can be restored
/// @param keepVersions of each file so many replaced versions are kept, however old
/// @param seatsMax at most so many peers keep the directory
/// @param corruptEvery every so many-th piece is served corrupted, for tests and demonstrations; 0:
///   none
public record UpOptions(
    Path share,
    Presence presence,
    Membership membership,
    Optional<Name> prefix,
    boolean acceptConflicts,
    Selection selection,
    Rhythm rhythm,
    Duration settle,
    Duration trashAge,
    int keepVersions,
    int seatsMax,
    int corruptEvery) {

  /// @throws UsageException if a value is out of its range
  public UpOptions {
    if (!share.isAbsolute()) {
      throw new IllegalArgumentException("not absolute: " + share);
    }
    if (settle.isNegative()) {
      throw new UsageException("--settle cannot be negative");
    }
    if (trashAge.isNegative()) {
      throw new UsageException("--trash cannot be negative");
    }
    if (keepVersions < 0 || keepVersions > Directory.PAST_VERSIONS_MAX) {
      throw new UsageException(
          "--keep-versions: 0 to "
              + Directory.PAST_VERSIONS_MAX
              + ", as many as the party remembers of a name");
    }
    if (seatsMax < 1 || seatsMax > Seating.SEATS_MAX) {
      throw new UsageException("--directory: 1 to " + Seating.SEATS_MAX + " peers");
    }
    if (corruptEvery < 0) {
      throw new UsageException("--inject corrupt=N: N is 1 or more");
    }
  }

  /// Everything as it is without options.
  public static UpOptions of(Path share) {
    return new UpOptions(
        share,
        Presence.DEFAULTS,
        Membership.DEFAULTS,
        Optional.empty(),
        false,
        Selection.DEFAULTS,
        Rhythm.DEFAULTS,
        Duration.ofSeconds(1),
        Duration.ofDays(30),
        0,
        Seating.SEATS_MAX,
        0);
  }
}
