package dev.potluck.cli;

import dev.potluck.content.UsageException;
import dev.potluck.peer.ControlProtocol;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Which share a command is about.
final class ShareLocator {
  /// The variable that names the share, for scripts.
  static final String VARIABLE = "POTLUCK_SHARE";

  private static final String DEFAULT_FOLDER = "Potluck";

  private final Surroundings surroundings;

  ShareLocator(Surroundings surroundings) {
    this.surroundings = surroundings;
  }

  /// The share of a running peer: `at`, else `$POTLUCK_SHARE`, else the nearest folder upward that
  /// has `.potluck`, else `~/Potluck` if it is shared.
  ///
  /// @throws UsageException if there is none
  Path running(@Nullable Path at) {
    return named(at)
        .or(() -> home().filter(ShareLocator::isShare))
        .orElseThrow(
            () ->
                new UsageException(
                    "which peer? Run this in a shared folder, or say --at DIR, or start one with"
                        + " potluck up --share DIR"));
  }

  /// The folder that `up` shares: `share`, else as above, else a new `~/Potluck`.
  ///
  /// @throws UsageException if there is not even a home folder
  Path toShare(@Nullable Path share) {
    return named(share)
        .or(this::home)
        .orElseThrow(() -> new UsageException("which folder? Say --share DIR"));
  }

  private Optional<Path> named(@Nullable Path given) {
    if (given != null) {
      return Optional.of(surroundings.resolve(given));
    }
    var variable = surroundings.variables().getOrDefault(VARIABLE, "");
    if (!variable.isEmpty()) {
      return Optional.of(surroundings.resolve(Path.of(variable)));
    }
    for (var folder = surroundings.folder(); folder != null; folder = folder.getParent()) {
      if (isShare(folder)) {
        return Optional.of(folder);
      }
    }
    return Optional.empty();
  }

  private Optional<Path> home() {
    return Optional.ofNullable(surroundings.variables().get("HOME"))
        .filter(home -> !home.isEmpty())
        .map(home -> Path.of(home, DEFAULT_FOLDER));
  }

  private static boolean isShare(Path folder) {
    return Files.isDirectory(folder.resolve(ControlProtocol.STATE_FOLDER));
  }
}
