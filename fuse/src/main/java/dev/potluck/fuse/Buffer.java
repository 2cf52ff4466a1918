package dev.potluck.fuse;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/// Native memory for a request or an answer, with what a system call on it needs beside it. Used by
/// one thread at a time.
final class Buffer {
  private static final long PAGE = 4096;
  private static final long VECTOR_BYTES = 16;

  private final MemorySegment memory;
  private final MemorySegment errno;
  private final MemorySegment vectors;

  /// Memory is given back when nobody has the buffer any more: a file system may hold on to a part
  /// of it for longer than it should, and must not be able to touch what is no longer there.
  Buffer(long bytes) {
    Arena arena = Arena.ofAuto();
    memory = arena.allocate(bytes, PAGE);
    errno = arena.allocate(Libc.ERRNO);
    vectors = arena.allocate(2 * VECTOR_BYTES, Long.BYTES);
  }

  MemorySegment memory() {
    return memory;
  }

  long bytes() {
    return memory.byteSize();
  }

  /// Where errno is caught.
  MemorySegment errno() {
    return errno;
  }

  /// Two `struct iovec`: the first bytes of this buffer, and other memory.
  MemorySegment vectors(long headBytes, MemorySegment tail) {
    vectors.set(ValueLayout.ADDRESS, 0, memory);
    vectors.set(ValueLayout.JAVA_LONG, Long.BYTES, headBytes);
    vectors.set(ValueLayout.ADDRESS, VECTOR_BYTES, tail);
    vectors.set(ValueLayout.JAVA_LONG, VECTOR_BYTES + Long.BYTES, tail.byteSize());
    return vectors;
  }
}
