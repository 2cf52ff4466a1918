package dev.potluck.fuse;

import java.util.concurrent.ArrayBlockingQueue;

/// Buffers of two sizes, kept for use again up to a bound. Thread-safe; never waits.
final class BufferPool {
  /// Requests but big writes, and answers but big reads and listings.
  static final int SMALL_BYTES = 16 << 10;

  private static final int SMALL_KEPT = 256;
  private static final int LARGE_KEPT = 16;

  private final int largeBytes;
  private final ArrayBlockingQueue<Buffer> small = new ArrayBlockingQueue<>(SMALL_KEPT);
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
    boolean fits = bytes <= SMALL_BYTES;
    Buffer kept = (fits ? small : large).poll();
    return kept != null && kept.bytes() >= bytes
        ? kept
        : new Buffer(fits ? SMALL_BYTES : Math.max(bytes, largeBytes));
  }

  /// Takes back what is not used any more; what is too much is left to the collector.
  void give(Buffer buffer) {
    boolean _ = (buffer.bytes() <= SMALL_BYTES ? small : large).offer(buffer);
  }
}
