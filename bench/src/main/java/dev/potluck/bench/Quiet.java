package dev.potluck.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/// Waits until the machine has little to do.
final class Quiet {
  private static final double BUSY_MAX = 0.15;
  private static final int LOOK_MS = 500;
  private static final int LOOKS_MAX = 20;
  private static final int IDLE = 3;
  private static final int IO_WAIT = 4;
  private static final int STEAL = 7;

  private final CountDownLatch never = new CountDownLatch(1);

  /// Processor time since the machine started, in ticks.
  record Ticks(long busy, long all) {
    /// Reads the form of `/proc/stat`.
    static Ticks parse(String stat) {
      List<Long> fields =
          List.of(stat.lines().findFirst().orElseThrow().split(" +", -1)).stream()
              .skip(1)
              .limit(STEAL + 1)
              .map(Long::valueOf)
              .toList();
      long all = fields.stream().mapToLong(Long::longValue).sum();
      return new Ticks(all - fields.get(IDLE) - fields.get(IO_WAIT), all);
    }

    double shareSince(Ticks before) {
      return (double) (busy - before.busy) / Math.max(1, all - before.all);
    }
  }

  /// Waits half a second at least, ten at most: others may never be quiet.
  void await() throws IOException, InterruptedException {
    Ticks before = now();
    for (int i = 0; i < LOOKS_MAX; i++) {
      never.await(LOOK_MS, TimeUnit.MILLISECONDS);
      Ticks after = now();
      if (after.shareSince(before) < BUSY_MAX) {
        return;
      }
      before = after;
    }
  }

  /// Waits so long.
  void forSeconds(double seconds) throws InterruptedException {
    never.await((long) (seconds * 1e3), TimeUnit.MILLISECONDS);
  }

  private static Ticks now() throws IOException {
    return Ticks.parse(Files.readString(Path.of("/proc/stat")));
  }
}
