package dev.potluck.fuse;

import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// The directories in which programs make, delete or move names, now or a moment ago. Thread-safe.
///
/// The kernel locks such a directory until it has its answer. A notice of a name in it waits for
/// that lock where no signal reaches it: if this process were killed then, it would wait for an
/// answer that nobody gives any more, and never end.
final class BusyDirectories {
  /// A program that has just changed names there is likely to go on.
  private static final long QUIET_NANOS = TimeUnit.SECONDS.toNanos(1);

  private static final int MANY = 1024;

  private final ConcurrentHashMap<Long, Use> uses = new ConcurrentHashMap<>();

  private volatile long forgotNanos = System.nanoTime();

  /// @param requests in work
  /// @param lastNanos when the last one began or ended
  private record Use(int requests, long lastNanos) {
    boolean isOver(long nowNanos) {
      return requests == 0 && nowNanos - lastNanos > QUIET_NANOS;
    }
  }

  /// A request has come that may change names; until it is answered its directories are locked.
  void note(Opcode opcode, Request request) {
    if (!opcode.locksDirectory()) {
      return;
    }
    lock(request, request.node());
    if (opcode == Opcode.RENAME || opcode == Opcode.RENAME2) {
      lock(request, Abi.get64(request.in(), InHeader.BYTES)); // the structure begins with newdir
    }
  }

  private void lock(Request request, long directory) {
    forgetQuiet();
    changed(directory, 1);
    request.afterAnswer(() -> changed(directory, -1));
  }

  private void changed(long directory, int by) {
    long now = System.nanoTime();
    uses.compute(
        directory,
        (Long _, @Nullable Use use) -> new Use((use == null ? 0 : use.requests) + by, now));
  }

  private void forgetQuiet() {
    long now = System.nanoTime();
    if (uses.size() > MANY && now - forgotNanos > QUIET_NANOS) {
      forgotNanos = now;
      uses.values().removeIf(use -> use.isOver(now));
    }
  }

  boolean isBusy(long directory) {
    Use use = uses.get(directory);
    return use != null && !use.isOver(System.nanoTime());
  }
}
