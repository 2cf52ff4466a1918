package dev.potluck.fuse;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/// An open /dev/fuse. An answer goes to the device its request came from, so that whoever works on
/// a request keeps the device open: a descriptor that was closed too early could be somebody else's
/// file by the time the answer is written.
final class Device {
  static final String PATH = "/dev/fuse";

  private final int descriptor;
  private final AtomicInteger users = new AtomicInteger(1);

  Device(int descriptor) {
    this.descriptor = descriptor;
  }

  static Device open() throws ErrnoException {
    return new Device(Libc.open(PATH, OpenFlags.READ_WRITE | Libc.O_CLOEXEC));
  }

  /// A second way into the same connection, with a queue of its own (`FUSE_DEV_IOC_CLONE`).
  ///
  /// @return null where it can't be had: the device is not ours to open
  @Nullable Device cloned() {
    Device fresh;
    try {
      fresh = open();
    } catch (ErrnoException _) {
      return null; // readers share the first one
    }
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment first = arena.allocate(Integer.BYTES, Integer.BYTES);
      Abi.put32(first, 0, descriptor);
      if (Libc.ioctl(fresh.descriptor, Libc.FUSE_DEV_IOC_CLONE, first) < 0) {
        fresh.release();
        return null;
      }
    }
    return fresh;
  }

  /// One more user, by one who is a user.
  Device retain() {
    users.incrementAndGet();
    return this;
  }

  /// One user less; the last one closes it.
  void release() {
    if (users.decrementAndGet() == 0) {
      Libc.close(descriptor);
    }
  }

  int descriptor() {
    return descriptor;
  }

  /// Waits for a request.
  ///
  /// @return its bytes, or a negative errno
  long read(Buffer into) {
    return Libc.read(into.errno(), descriptor, into.memory());
  }

  /// @return 0 or more, or a negative errno
  long write(Buffer from, long bytes) {
    return Libc.write(from.errno(), descriptor, from.memory(), bytes);
  }

  /// Writes the beginning of a buffer, and other memory behind it.
  ///
  /// @return 0 or more, or a negative errno
  long write(Buffer head, long headBytes, MemorySegment tail) {
    return Libc.writev(head.errno(), descriptor, head.vectors(headBytes, tail), 2);
  }
}
