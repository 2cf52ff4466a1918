package dev.potluck.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;

/// What is mounted on this machine.
final class Mounted {
  private static final Path MOUNTS = Path.of("/proc/self/mounts");

  private Mounted() {}

  /// Waits until a program has mounted a folder.
  ///
  /// @throws dev.potluck.content.FailedException if it ends before, or takes longer
  static void await(Path folder, Child program, Duration limit)
      throws IOException, InterruptedException {
    Poll.until(
        limit,
        () -> isMounted(folder) || !program.handle().isAlive(),
        "nothing was mounted at " + folder);
    if (!isMounted(folder)) {
      var _ = program.awaitSuccess(Duration.ZERO);
    }
  }

  private static boolean isMounted(Path folder) throws IOException {
    return Files.readString(MOUNTS).contains(" " + folder + " ");
  }
}
