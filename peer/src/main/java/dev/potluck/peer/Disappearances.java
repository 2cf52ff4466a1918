package dev.potluck.peer;

import java.io.IOException;
import java.util.Collection;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;

/// Tells files that a user deleted from files that went away with their file system: a deletion
/// takes the name from the whole party, so what is in doubt stays. Used by the scanner's thread.
final class Disappearances {
  /// Whoever has so few files may well delete them all.
  static final int FEW = 10;

  private static final String WAY_OUT =
      "; if they were deleted on purpose: potluck update --deletions";

  private final ScanDatabase database;
  private Set<String> mounts;

  Disappearances(ScanDatabase database) throws IOException {
    this.database = database;
    this.mounts = database.mounts();
  }

  /// What is not to be believed of one scan.
  ///
  /// @param path of the folder the files of which may still exist; "" is the share
  record Doubt(String path, String why) {
    boolean covers(String file) {
      return path.isEmpty() || file.startsWith(path + "/");
    }

    Skipped skipped() {
      return new Skipped(path.isEmpty() ? "." : path, why);
    }
  }

  /// Looks at what a scan did not find.
  ///
  /// @param known how many files there were
  /// @param seen how many there are now
  /// @param missing files that were there and are not now
  /// @param mounted folders on which other file systems are mounted now
  /// @param meant the user says that what is missing was deleted on purpose
  /// @return the folders whose missing files are not to be taken for deleted
  Collection<Doubt> doubts(
      int known, int seen, Set<String> missing, Set<String> mounted, boolean meant)
      throws IOException {
    Set<String> remembered = new HashSet<>(mounted);
    Set<Doubt> doubts = new HashSet<>();
    if (!meant) {
      for (String mount : mounts) {
        if (!mounted.contains(mount) && missing.stream().anyMatch(f -> f.startsWith(mount + "/"))) {
          remembered.add(mount);
          doubts.add(
              new Doubt(
                  mount,
                  "the file system that was mounted here is gone: its files are not taken for"
                      + " deleted"
                      + WAY_OUT));
        }
      }
      vanished(known, seen).ifPresent(doubts::add);
    }
    if (!remembered.equals(mounts)) {
      database.mounts(remembered);
      mounts = Set.copyOf(remembered);
    }
    return doubts;
  }

  private static Optional<Doubt> vanished(int known, int seen) {
    return seen == 0 && known > FEW
        ? Optional.of(
            new Doubt(
                "",
                "all "
                    + known
                    + " files are gone at once: they are not taken for deleted"
                    + WAY_OUT))
        : Optional.empty();
  }
}
