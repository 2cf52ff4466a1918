package dev.potluck.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;

/// A larger share of the processor for this process and what it starts, so that strangers' work
/// disturbs less; where the kernel's control groups (version 1) allow it.
final class Priority implements AutoCloseable {
  private static final Path GROUPS = Path.of("/sys/fs/cgroup/cpu");
  private static final String MEMBERS = "cgroup.procs";
  private static final int USUAL_SHARES = 1024;
  private static final int TRIES = 40;
  private static final long PAUSE_NANOS = 50_000_000;

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

  /// Gives it back; whoever of the group still runs goes back too.
  ///
  /// @throws IOException if that is not possible
  @Override
  public void close() throws IOException {
    for (int i = 1; ; i++) {
      for (String pid : Files.readAllLines(group.resolve(MEMBERS))) {
        giveBack(pid);
      }
      try {
        Files.deleteIfExists(group);
        return;
      } catch (IOException e) {
        // Who has just ended is in the group for a moment longer.
        if (i == TRIES) {
          throw e;
        }
        LockSupport.parkNanos(PAUSE_NANOS);
      }
    }
  }

  private static void giveBack(String pid) {
    try {
      Files.writeString(GROUPS.resolve(MEMBERS), pid);
    } catch (IOException _) {
      // It has ended meanwhile.
    }
  }

  private static void move(Path group) throws IOException {
    Files.writeString(group.resolve(MEMBERS), Long.toString(ProcessHandle.current().pid()));
  }
}
