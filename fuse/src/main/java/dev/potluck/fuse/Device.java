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

  /// How long a reader looks for the next request before it sleeps. A program that looks up one
  /// name after the other is back with the next sooner, and waking a thread that sleeps, on a
  /// processor that sleeps, costs more than a look-up.
  private static final long SPIN_NANOS = 30_000;

  private final int descriptor;
  private final AtomicInteger users = new AtomicInteger(1);

  /// `struct pollfd`; what poll(2) writes there, nobody reads.
  private final MemorySegment readable = Arena.ofAuto().allocate(Long.BYTES, Long.BYTES);

  /// @param descriptor this one's from here on
  Device(int descriptor) {
    this.descriptor = descriptor;
    Abi.put32(readable, 0, descriptor);
    Abi.put32(readable, Integer.BYTES, Libc.POLLIN);
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

  /// Waits for a request: in read(2), where the kernel wakes one of those that wait, and not in
  /// poll(2), where it wakes all.
  ///
  /// @param soon whether to look for it for a moment before sleeping
  /// @return its bytes, or a negative errno
  long read(Buffer into, boolean soon) {
    if (soon) {
      long begunNanos = System.nanoTime();
      while (!Libc.isReadable(into.errno(), readable)
          && System.nanoTime() - begunNanos < SPIN_NANOS) {
        Thread.onSpinWait();
      }
    }
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
