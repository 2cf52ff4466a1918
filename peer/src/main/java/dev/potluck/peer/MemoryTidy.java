package dev.potluck.peer;

import java.util.function.BooleanSupplier;

/// Gives memory back to the machine once this peer has nothing to do: a collector that grows its
/// heap for a transfer does not shrink it again by itself while nothing is allocated. Idle peers
/// stay small; busy ones are left alone.
final class MemoryTidy implements Runnable {
  private static final long WORTHWHILE_BYTES = 24L << 20;

  private final BooleanSupplier busy;
  private long keptBytes;
  private long mappedBytes;

  MemoryTidy(BooleanSupplier busy) {
    this.busy = busy;
  }

  /// To be called now and then, by one thread.
  @Override
  public void run() {
    if (busy.getAsBoolean()) {
      return;
    }
    if (Runtime.getRuntime().totalMemory() > keptBytes + WORTHWHILE_BYTES) {
      System.gc();
      NativeHeap.trim();
      keptBytes = Runtime.getRuntime().totalMemory();
    }
    if (RuntimePages.residentBytes() > mappedBytes + WORTHWHILE_BYTES) {
      RuntimePages.release();
      mappedBytes = RuntimePages.residentBytes();
    }
  }
}
