package dev.potluck.fuse;

import java.util.concurrent.ArrayBlockingQueue;

/// Buffers of three sizes, kept for use again up to a bound. Thread-safe; never waits.
final class BufferPool {
  /// Requests but big writes, and answers but reads and listings.
  static final int SMALL_BYTES = 16 << 10;

  /// Answers to reads of as much as kernels read ahead, 128 KiB, and a page for the header. Of
  /// these as many may wait as there may be requests: a MiB for each would be a GiB.
  static final int MEDIUM_BYTES = (128 << 10) + (4 << 10);

  private static final int SMALL_KEPT = 256;
  private static final int MEDIUM_KEPT = 64;
  private static final int LARGE_KEPT = 16;

  private final int largeBytes;
  private final ArrayBlockingQueue<Buffer> small = new ArrayBlockingQueue<>(SMALL_KEPT);
  private final ArrayBlockingQueue<Buffer> medium = new ArrayBlockingQueue<>(MEDIUM_KEPT);
  private final ArrayBlockingQueue<Buffer> large = new ArrayBlockingQueue<>(LARGE_KEPT);

  /// @param largeBytes the greatest request or answer
  BufferPool(int largeBytes) {
    this.largeBytes = largeBytes;
  }

  Buffer large() {
    return take(largeBytes);
  }

  /// A buffer of at least so many bytes.
  Buffer take(int bytes) {
    Buffer kept = kept(bytes).poll();
    return kept != null && kept.bytes() >= bytes ? kept : new Buffer(size(bytes));
  }

  private int size(int bytes) {
    if (bytes <= SMALL_BYTES) {
      return SMALL_BYTES;
    }
    return bytes <= MEDIUM_BYTES ? MEDIUM_BYTES : Math.max(bytes, largeBytes);
  }

  private ArrayBlockingQueue<Buffer> kept(long bytes) {
    if (bytes <= SMALL_BYTES) {
      return small;
    }
    return bytes <= MEDIUM_BYTES ? medium : large;
  }

  /// Takes back what is not used any more; what is too much is left to the collector.
  void give(Buffer buffer) {
    boolean _ = kept(buffer.bytes()).offer(buffer);
  }
}
