package dev.potluck.peer;

import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.Semaphore;

/// Direct buffers in which pieces are put together before they are verified: lent and returned.
/// Large ones are of a bounded total size; small ones are as many as there are connections that
/// receive them. Thread-safe.
final class PieceBuffers {
  /// Buffers up to this size are lent without waiting.
  static final int NEVER_WAITING_BYTES = 1 << 20;

  private static final int UNIT_BYTES = 256 << 10;

  private final Semaphore units;
  private final Map<Integer, ArrayDeque<ByteBuffer>> free = new HashMap<>();
  private final int freeBytesMax;
  private int freeBytes;

  /// @param totalBytes of all large buffers lent at one time; asking for more waits
  PieceBuffers(int totalBytes) {
    units = new Semaphore(totalBytes / UNIT_BYTES, true);
    freeBytesMax = totalBytes;
  }

  /// Lends an empty buffer of at least that size; waits for room if it is a large one.
  ByteBuffer take(int lengthBytes) {
    int wanted = Math.ceilDiv(Math.max(lengthBytes, 1), UNIT_BYTES);
    int capacity = wanted * UNIT_BYTES;
    if (capacity > NEVER_WAITING_BYTES) {
      units.acquireUninterruptibly(wanted);
    }
    synchronized (free) {
      ArrayDeque<ByteBuffer> same = free.get(capacity);
      if (same != null && !same.isEmpty()) {
        freeBytes -= capacity;
        return same.pop().clear();
      }
    }
    return ByteBuffer.allocateDirect(capacity);
  }

  void giveBack(ByteBuffer buffer) {
    synchronized (free) {
      if (freeBytes + buffer.capacity() <= freeBytesMax) {
        freeBytes += buffer.capacity();
        free.computeIfAbsent(buffer.capacity(), _ -> new ArrayDeque<>()).push(buffer);
      }
    }
    if (buffer.capacity() > NEVER_WAITING_BYTES) {
      units.release(buffer.capacity() / UNIT_BYTES);
    }
  }
}
