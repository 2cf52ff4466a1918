package dev.potluck.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/// What the kernel keeps in memory of files, and makes it forget.
final class KernelCaches {
  private static final Path DROP = Path.of("/proc/sys/vm/drop_caches");

  private KernelCaches() {}

  /// Why it can't be done here.
  static Optional<String> missing() {
    return Files.isWritable(DROP)
        ? Optional.empty()
        : Optional.of("cold figures want root, who alone empties the kernel's caches");
  }

  /// Forgets the content of files; what was not yet written must be synced before.
  static void dropPages() throws IOException {
    Files.writeString(DROP, "1");
  }

  /// Forgets names and attributes.
  static void dropNames() throws IOException {
    Files.writeString(DROP, "2");
  }
}
