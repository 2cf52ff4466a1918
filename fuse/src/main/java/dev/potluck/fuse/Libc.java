package dev.potluck.fuse;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.VarHandle;

/// The system calls of this package. Those on the path of every request take the memory into which
/// errno is caught and return a negative errno; the others throw. Thread-safe; callers own
/// descriptors.
@SuppressWarnings("restricted") // calling libc is the purpose
final class Libc {
  static final int O_CLOEXEC = 02000000;
  static final int POLLIN = 1;
  static final int MS_RDONLY = 1;
  static final int MS_NOSUID = 2;
  static final int MS_NODEV = 4;
  static final int MNT_FORCE = 1;
  static final int MNT_DETACH = 2;
  static final int UMOUNT_NOFOLLOW = 8;

  /// `_IOR(229, 0, uint32_t)`: makes a second way into a connection of a fresh descriptor.
  static final long FUSE_DEV_IOC_CLONE = 0x8004e500L;

  /// `_IOW(229, 1, struct fuse_backing_map)`: registers a backing file.
  static final long FUSE_DEV_IOC_BACKING_OPEN = 0x4010e501L;

  /// `_IOW(229, 2, uint32_t)`: the opposite.
  static final long FUSE_DEV_IOC_BACKING_CLOSE = 0x4004e502L;

  /// Where errno is caught.
  static final StructLayout ERRNO = Linker.Option.captureStateLayout();

  private static final VarHandle ERRNO_VALUE =
      ERRNO.varHandle(MemoryLayout.PathElement.groupElement("errno"));

  /// More than `struct statfs` has anywhere (120 on 64-bit machines).
  private static final int STATFS_BYTES = 256;

  private static final MethodHandle READ =
      handle("read", FunctionDescriptor.of(JAVA_LONG, JAVA_INT, ADDRESS, JAVA_LONG));
  private static final MethodHandle WRITE =
      handle("write", FunctionDescriptor.of(JAVA_LONG, JAVA_INT, ADDRESS, JAVA_LONG));
  private static final MethodHandle WRITEV =
      handle("writev", FunctionDescriptor.of(JAVA_LONG, JAVA_INT, ADDRESS, JAVA_INT));
  private static final MethodHandle POLL =
      handle("poll", FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_LONG, JAVA_INT));
  private static final MethodHandle OPEN =
      handle(
          "open",
          FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_INT),
          Linker.Option.firstVariadicArg(2));
  private static final MethodHandle CLOSE =
      handle("close", FunctionDescriptor.of(JAVA_INT, JAVA_INT));
  private static final MethodHandle IOCTL =
      handle(
          "ioctl",
          FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_LONG, ADDRESS),
          Linker.Option.firstVariadicArg(2));
  private static final MethodHandle MOUNT =
      handle(
          "mount", FunctionDescriptor.of(JAVA_INT, ADDRESS, ADDRESS, ADDRESS, JAVA_LONG, ADDRESS));
  private static final MethodHandle UMOUNT2 =
      handle("umount2", FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_INT));
  private static final MethodHandle STATFS =
      handle("statfs", FunctionDescriptor.of(JAVA_INT, ADDRESS, ADDRESS));
  private static final MethodHandle FSTATFS =
      handle("fstatfs", FunctionDescriptor.of(JAVA_INT, JAVA_INT, ADDRESS));
  private static final MethodHandle GETEUID = handle("geteuid", FunctionDescriptor.of(JAVA_INT));
  private static final MethodHandle GETEGID = handle("getegid", FunctionDescriptor.of(JAVA_INT));
  private static final MethodHandle MEMFD_CREATE =
      handle("memfd_create", FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_INT));

  private Libc() {}

  static MethodHandle handle(
      String function, FunctionDescriptor descriptor, Linker.Option... options) {
    Linker linker = Linker.nativeLinker();
    Linker.Option[] all = new Linker.Option[options.length + 1];
    System.arraycopy(options, 0, all, 0, options.length);
    all[options.length] = Linker.Option.captureCallState("errno");
    return linker.downcallHandle(linker.defaultLookup().findOrThrow(function), descriptor, all);
  }

  static int errno(MemorySegment caught) {
    return (int) ERRNO_VALUE.get(caught, 0L);
  }

  /// A call that threw where C can't: never happens, since all handles are called exactly.
  static AssertionError impossible(Throwable thrown) {
    return new AssertionError(thrown);
  }

  /// @return bytes read, or a negative errno
  static long read(MemorySegment errno, int descriptor, MemorySegment into) {
    try {
      long n = (long) READ.invokeExact(errno, descriptor, into, into.byteSize());
      return n < 0 ? -errno(errno) : n;
    } catch (Throwable e) {
      throw impossible(e);
    }
  }

  /// Whether a read of a descriptor would not wait, be it that it fails.
  ///
  /// @param pollfd a `struct pollfd` that asks for that
  static boolean isReadable(MemorySegment errno, MemorySegment pollfd) {
    try {
      return (int) POLL.invokeExact(errno, pollfd, 1L, 0) != 0;
    } catch (Throwable e) {
      throw impossible(e);
    }
  }

  /// @return 0 or more, or a negative errno
  static long write(MemorySegment errno, int descriptor, MemorySegment from, long bytes) {
    try {
      long n = (long) WRITE.invokeExact(errno, descriptor, from, bytes);
      return n < 0 ? -errno(errno) : n;
    } catch (Throwable e) {
      throw impossible(e);
    }
  }

  /// @param vectors `struct iovec`, one after the other
  /// @return 0 or more, or a negative errno
  static long writev(MemorySegment errno, int descriptor, MemorySegment vectors, int count) {
    try {
      long n = (long) WRITEV.invokeExact(errno, descriptor, vectors, count);
      return n < 0 ? -errno(errno) : n;
    } catch (Throwable e) {
      throw impossible(e);
    }
  }

  static int open(String path, int flags) throws ErrnoException {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment errno = arena.allocate(ERRNO);
      int descriptor = (int) OPEN.invokeExact(errno, arena.allocateFrom(path), flags);
      if (descriptor < 0) {
        throw ErrnoException.of("can't open " + path, errno(errno));
      }
      return descriptor;
    } catch (ErrnoException e) {
      throw e;
    } catch (Throwable e) {
      throw impossible(e);
    }
  }

  /// Closes; on Linux the descriptor is free whatever close(2) returns.
  static void close(int descriptor) {
    try (Arena arena = Arena.ofConfined()) {
      int _ = (int) CLOSE.invokeExact(arena.allocate(ERRNO), descriptor);
    } catch (Throwable e) {
      throw impossible(e);
    }
  }

  /// @return what ioctl(2) returns, or a negative errno
  static int ioctl(int descriptor, long command, MemorySegment argument) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment errno = arena.allocate(ERRNO);
      int result = (int) IOCTL.invokeExact(errno, descriptor, command, argument);
      return result < 0 ? -errno(errno) : result;
    } catch (Throwable e) {
      throw impossible(e);
    }
  }

  /// @return 0 or a negative errno
  static int mount(String source, String target, String type, long flags, String data) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment errno = arena.allocate(ERRNO);
      int result =
          (int)
              MOUNT.invokeExact(
                  errno,
                  arena.allocateFrom(source),
                  arena.allocateFrom(target),
                  arena.allocateFrom(type),
                  flags,
                  arena.allocateFrom(data));
      return result < 0 ? -errno(errno) : 0;
    } catch (Throwable e) {
      throw impossible(e);
    }
  }

  /// @return 0 or a negative errno
  static int umount(String target, int flags) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment errno = arena.allocate(ERRNO);
      int result = (int) UMOUNT2.invokeExact(errno, arena.allocateFrom(target), flags);
      return result < 0 ? -errno(errno) : 0;
    } catch (Throwable e) {
      throw impossible(e);
    }
  }

  /// Asks whatever is mounted there how it is; a FUSE mount is asked, not its cache.
  ///
  /// @return 0 or a negative errno
  static int statfs(String path) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment errno = arena.allocate(ERRNO);
      int result =
          (int) STATFS.invokeExact(errno, arena.allocateFrom(path), arena.allocate(STATFS_BYTES));
      return result < 0 ? -errno(errno) : 0;
    } catch (Throwable e) {
      throw impossible(e);
    }
  }

  /// @return 0 or a negative errno
  static int fstatfs(int descriptor) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment errno = arena.allocate(ERRNO);
      int result = (int) FSTATFS.invokeExact(errno, descriptor, arena.allocate(STATFS_BYTES));
      return result < 0 ? -errno(errno) : 0;
    } catch (Throwable e) {
      throw impossible(e);
    }
  }

  /// A file in memory alone.
  ///
  /// @return its descriptor, or a negative errno
  static int memfd(String name) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment errno = arena.allocate(ERRNO);
      int result = (int) MEMFD_CREATE.invokeExact(errno, arena.allocateFrom(name), 1);
      return result < 0 ? -errno(errno) : result;
    } catch (Throwable e) {
      throw impossible(e);
    }
  }

  static int effectiveUser() {
    return id(GETEUID);
  }

  static int effectiveGroup() {
    return id(GETEGID);
  }

  private static int id(MethodHandle which) {
    try (Arena arena = Arena.ofConfined()) {
      return (int) which.invokeExact(arena.allocate(ERRNO));
    } catch (Throwable e) {
      throw impossible(e);
    }
  }
}
