package dev.potluck.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/// A larger share of the processor for this process and what it starts, so that strangers' work
/// disturbs less; where the kernel's control groups (version 1) allow it.
final class Priority implements AutoCloseable {
  private static final Path GROUPS = Path.of("/sys/fs/cgroup/cpu");
  private static final int USUAL_SHARES = 1024;

  /// How many times the usual share.
  static final int TIMES = 8;

  private final Path group;

  private Priority(Path group) {
    this.group = group;
  }

  /// Raises it, if that is possible.
  static Optional<Priority> raised() {
    Path group = GROUPS.resolve("potluck-bench-" + ProcessHandle.current().pid());
    if (!Files.isWritable(GROUPS)) {
      return Optional.empty();
    }
    try {
      Files.createDirectories(group);
      Files.writeString(group.resolve("cpu.shares"), Integer.toString(TIMES * USUAL_SHARES));
      move(group);
      return Optional.of(new Priority(group));
    } catch (IOException _) {
      return Optional.empty();
    }
  }

  /// Gives it back.
  ///
  /// @throws IOException if a process of the group still runs
  @Override
  public void close() throws IOException {
    move(GROUPS);
    Files.delete(group);
  }

  private static void move(Path group) throws IOException {
    Files.writeString(group.resolve("cgroup.procs"), Long.toString(ProcessHandle.current().pid()));
  }
}
