package dev.potluck.peer;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.ConcurrentLinkedQueue;

/// Native memory for the arguments of one call into libc, reused: two paths, one struct, errno.
/// Used by one thread between {@link #take} and {@link #close}.
final class Scratch implements AutoCloseable {
  /// Linux's PATH_MAX, the terminating NUL counted.
  static final int PATH_MAX = 4_096;

  private static final long ERRNO_OFFSET =
      Linker.Option.captureStateLayout().byteOffset(MemoryLayout.PathElement.groupElement("errno"));
  private static final ConcurrentLinkedQueue<Scratch> FREE = new ConcurrentLinkedQueue<>();

  private final MemorySegment errno;
  private final MemorySegment first;
  private final MemorySegment second;
  private final MemorySegment struct;

  private Scratch() {
    Arena arena = Arena.global();
    errno = arena.allocate(Linker.Option.captureStateLayout());
    first = arena.allocate(PATH_MAX);
    second = arena.allocate(PATH_MAX);
    struct = arena.allocate(256, 8);
  }

  /// As many exist as there ever were calls at the same time: no more than carrier threads.
  static Scratch take() {
    Scratch free = FREE.poll();
    return free == null ? new Scratch() : free;
  }

  @Override
  public void close() {
    FREE.add(this);
  }

  MemorySegment errno() {
    return errno;
  }

  int errnoValue() {
    return errno.get(ValueLayout.JAVA_INT, ERRNO_OFFSET);
  }

  MemorySegment path(String path) throws IOException {
    return store(first, path);
  }

  MemorySegment secondPath(String path) throws IOException {
    return store(second, path);
  }

  MemorySegment struct(long size) {
    return struct.asSlice(0, size);
  }

  IOException failure(String operation, String path) {
    return Errno.exception(errnoValue(), operation, path);
  }

  /// @param shown what a failure names
  MemorySegment path(byte[] bytes, String shown) throws IOException {
    return store(first, bytes, shown);
  }

  private static MemorySegment store(MemorySegment target, String path) throws IOException {
    return store(target, path.getBytes(StandardCharsets.UTF_8), path);
  }

  private static MemorySegment store(MemorySegment target, byte[] bytes, String path)
      throws IOException {
    if (bytes.length >= PATH_MAX) {
      throw Errno.exception(Errno.ENAMETOOLONG, "path", path);
    }
    for (byte b : bytes) {
      if (b == 0) {
        throw Errno.exception(Errno.EINVAL, "a NUL in a path", path);
      }
    }
    MemorySegment.copy(bytes, 0, target, ValueLayout.JAVA_BYTE, 0, bytes.length);
    target.set(ValueLayout.JAVA_BYTE, bytes.length, (byte) 0);
    return target;
  }
}
