package dev.potluck.peer;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.nio.ByteBuffer;

/// Calls into libc for what java.nio.file lacks: paths relative to an open folder that never lead
/// out of it or through a symlink, atomic exchange, preallocation, nanosecond identities. A path is
/// at most 4,095 bytes here too, but counts from the folder. Thread-safe; callers own descriptors.
@SuppressWarnings("restricted")
final class LinuxFiles {
  static final int O_RDONLY = 0;
  static final int O_RDWR = 2;
  static final int O_CREAT = 0x40;
  static final int O_EXCL = 0x80;
  static final int O_NONBLOCK = 0x800;
  static final int O_DIRECTORY = arm() ? 0x4000 : 0x10000;
  static final int O_NOFOLLOW = arm() ? 0x8000 : 0x20000;
  static final int O_CLOEXEC = 0x80000;
  static final int O_PATH = 0x200000;
  static final int RENAME_NOREPLACE = 1;
  static final int RENAME_EXCHANGE = 2;

  private static final int RANGE_WRITE = 2; // SYNC_FILE_RANGE_WRITE
  private static final int AT_SYMLINK_NOFOLLOW = 0x100;
  private static final int AT_EMPTY_PATH = 0x1000;
  private static final int AT_REMOVEDIR = 0x200;
  private static final int STATX_BASIC_STATS = 0x7ff;
  private static final long SYS_OPENAT2 = 437;
  // RESOLVE_BENEATH | RESOLVE_NO_SYMLINKS | RESOLVE_NO_MAGICLINKS
  private static final long RESOLVE_SAFELY = 0x08 | 0x04 | 0x02;
  private static final long UTIME_OMIT = (1L << 30) - 2;

  private static final Linker LINKER = Linker.nativeLinker();
  private static final MethodHandle SYSCALL_OPENAT2 =
      LINKER.downcallHandle(
          LINKER.defaultLookup().findOrThrow("syscall"),
          FunctionDescriptor.of(JAVA_LONG, JAVA_LONG, JAVA_INT, ADDRESS, ADDRESS, JAVA_LONG),
          Linker.Option.firstVariadicArg(1),
          Linker.Option.captureCallState("errno"));
  private static final MethodHandle OPEN = link("open", 2, JAVA_INT, ADDRESS, JAVA_INT);
  private static final MethodHandle CLOSE = link("close", -1, JAVA_INT, JAVA_INT);
  private static final MethodHandle STATX =
      link("statx", -1, JAVA_INT, JAVA_INT, ADDRESS, JAVA_INT, JAVA_INT, ADDRESS);
  private static final MethodHandle MKDIRAT =
      link("mkdirat", -1, JAVA_INT, JAVA_INT, ADDRESS, JAVA_INT);
  private static final MethodHandle UNLINKAT =
      link("unlinkat", -1, JAVA_INT, JAVA_INT, ADDRESS, JAVA_INT);
  private static final MethodHandle RENAMEAT2 =
      link("renameat2", -1, JAVA_INT, JAVA_INT, ADDRESS, JAVA_INT, ADDRESS, JAVA_INT);
  private static final MethodHandle LINKAT =
      link("linkat", -1, JAVA_INT, JAVA_INT, ADDRESS, JAVA_INT, ADDRESS, JAVA_INT);
  private static final MethodHandle FALLOCATE =
      link("fallocate", -1, JAVA_INT, JAVA_INT, JAVA_INT, JAVA_LONG, JAVA_LONG);
  private static final MethodHandle FTRUNCATE =
      link("ftruncate", -1, JAVA_INT, JAVA_INT, JAVA_LONG);
  private static final MethodHandle FSYNC = link("fsync", -1, JAVA_INT, JAVA_INT);
  private static final MethodHandle FDATASYNC = link("fdatasync", -1, JAVA_INT, JAVA_INT);
  private static final MethodHandle SYNC_FILE_RANGE =
      link("sync_file_range", -1, JAVA_INT, JAVA_INT, JAVA_LONG, JAVA_LONG, JAVA_INT);
  private static final MethodHandle SYNCFS = link("syncfs", -1, JAVA_INT, JAVA_INT);
  private static final MethodHandle FCHMOD = link("fchmod", -1, JAVA_INT, JAVA_INT, JAVA_INT);
  private static final MethodHandle FUTIMENS = link("futimens", -1, JAVA_INT, JAVA_INT, ADDRESS);
  private static final MethodHandle UTIMENSAT =
      link("utimensat", -1, JAVA_INT, JAVA_INT, ADDRESS, ADDRESS, JAVA_INT);
  private static final MethodHandle SYMLINKAT =
      link("symlinkat", -1, JAVA_INT, ADDRESS, JAVA_INT, ADDRESS);
  private static final MethodHandle READLINKAT =
      link("readlinkat", -1, JAVA_LONG, JAVA_INT, ADDRESS, ADDRESS, JAVA_LONG);
  private static final MethodHandle PREAD =
      link("pread", -1, JAVA_LONG, JAVA_INT, ADDRESS, JAVA_LONG, JAVA_LONG);
  private static final MethodHandle PWRITE =
      link("pwrite", -1, JAVA_LONG, JAVA_INT, ADDRESS, JAVA_LONG, JAVA_LONG);
  private static final MethodHandle COPY_FILE_RANGE =
      link(
          "copy_file_range",
          -1,
          JAVA_LONG,
          JAVA_INT,
          ADDRESS,
          JAVA_INT,
          ADDRESS,
          JAVA_LONG,
          JAVA_INT);
  private static final int F_DUPFD_CLOEXEC = 1030;
  private static final MethodHandle FCNTL =
      link("fcntl", 2, JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT);
  private static final MethodHandle GETDENTS =
      link("getdents64", -1, JAVA_LONG, JAVA_INT, ADDRESS, JAVA_LONG);

  private LinuxFiles() {}

  /// Opens a path beneath a folder: not out of it, not through a symlink, never waiting (FIFOs).
  ///
  /// @param mode permission bits of a file that O_CREAT makes, exactly
  static int open(int folder, String path, int flags, int mode) throws IOException {
    try (Scratch scratch = Scratch.take()) {
      MemorySegment name = scratch.path(path);
      MemorySegment how = scratch.struct(24);
      how.set(
          JAVA_LONG,
          0,
          Integer.toUnsignedLong(flags | O_CLOEXEC | ((flags & O_PATH) == 0 ? O_NONBLOCK : 0)));
      how.set(JAVA_LONG, 8, mode);
      how.set(JAVA_LONG, 16, RESOLVE_SAFELY);
      while (true) {
        long fd =
            (long)
                SYSCALL_OPENAT2.invokeExact(scratch.errno(), SYS_OPENAT2, folder, name, how, 24L);
        if (fd >= 0) {
          return (int) fd;
        }
        // EAGAIN (11): a rename elsewhere raced with the check that the path stays beneath.
        if (scratch.errnoValue() != Errno.EINTR && scratch.errnoValue() != 11) {
          throw scratch.failure("openat2", path);
        }
      }
    } catch (Throwable t) {
      throw rethrown(t);
    }
  }

  /// Opens a folder by any path, following symlinks as the user meant.
  static int openFolder(String path) throws IOException {
    try (Scratch scratch = Scratch.take()) {
      int fd =
          (int)
              OPEN.invokeExact(
                  scratch.errno(), scratch.path(path), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
      if (fd < 0) {
        throw scratch.failure("open", path);
      }
      return fd;
    } catch (Throwable t) {
      throw rethrown(t);
    }
  }

  /// Another descriptor of the same open file.
  static int duplicate(int fd, String shown) throws IOException {
    try (Scratch scratch = Scratch.take()) {
      int duplicate = (int) FCNTL.invokeExact(scratch.errno(), fd, F_DUPFD_CLOEXEC, 0);
      if (duplicate < 0) {
        throw scratch.failure("fcntl", shown);
      }
      return duplicate;
    } catch (Throwable t) {
      throw rethrown(t);
    }
  }

  static void close(int fd) {
    try (Scratch scratch = Scratch.take()) {
      int ignored = (int) CLOSE.invokeExact(scratch.errno(), fd);
    } catch (Throwable t) {
      throw new AssertionError(t);
    }
  }

  /// Of an entry of a folder, not following it.
  ///
  /// @param entry one component: symlinks in a longer path would be followed
  static FileStat stat(int folder, String entry) throws IOException {
    return statx(folder, entry, AT_SYMLINK_NOFOLLOW, entry);
  }

  static FileStat stat(int fd) throws IOException {
    return statx(fd, "", AT_EMPTY_PATH, "an open file");
  }

  private static FileStat statx(int fd, String path, int flags, String shown) throws IOException {
    try (Scratch scratch = Scratch.take()) {
      MemorySegment stat = scratch.struct(256);
      int result =
          (int)
              STATX.invokeExact(
                  scratch.errno(), fd, scratch.path(path), flags, STATX_BASIC_STATS, stat);
      if (result < 0) {
        throw scratch.failure("statx", shown);
      }
      int mode = Short.toUnsignedInt(stat.get(ValueLayout.JAVA_SHORT, 28));
      FileIdentity identity =
          new FileIdentity(
              stat.get(JAVA_LONG, 32), stat.get(JAVA_LONG, 40), time(stat, 112), time(stat, 96));
      long device =
          (long) stat.get(JAVA_INT, 136) << 32 | Integer.toUnsignedLong(stat.get(JAVA_INT, 140));
      return new FileStat(identity, mode & FileStat.TYPE_MASK, mode & 0777, device);
    } catch (Throwable t) {
      throw rethrown(t);
    }
  }

  private static long time(MemorySegment stat, long offset) {
    long seconds = stat.get(JAVA_LONG, offset);
    // Beyond 292 years from 1970 nanoseconds don't fit: clamped, the same every time.
    long clamped = Math.clamp(seconds, -9_223_372_036L, 9_223_372_035L);
    return clamped * 1_000_000_000L + stat.get(JAVA_INT, offset + 8);
  }

  static void mkdir(int folder, String entry, int mode) throws IOException {
    try (Scratch scratch = Scratch.take()) {
      check(
          (int) MKDIRAT.invokeExact(scratch.errno(), folder, scratch.path(entry), mode),
          scratch,
          "mkdirat",
          entry);
    } catch (Throwable t) {
      throw rethrown(t);
    }
  }

  static void unlink(int folder, String entry) throws IOException {
    unlinkat(folder, entry, 0);
  }

  static void rmdir(int folder, String entry) throws IOException {
    unlinkat(folder, entry, AT_REMOVEDIR);
  }

  private static void unlinkat(int folder, String entry, int flags) throws IOException {
    try (Scratch scratch = Scratch.take()) {
      check(
          (int) UNLINKAT.invokeExact(scratch.errno(), folder, scratch.path(entry), flags),
          scratch,
          "unlinkat",
          entry);
    } catch (Throwable t) {
      throw rethrown(t);
    }
  }

  /// Renames entries of open folders; last components are not followed.
  static void rename(int from, String fromEntry, int to, String toEntry, int flags)
      throws IOException {
    try (Scratch scratch = Scratch.take()) {
      check(
          (int)
              RENAMEAT2.invokeExact(
                  scratch.errno(),
                  from,
                  scratch.path(fromEntry),
                  to,
                  scratch.secondPath(toEntry),
                  flags),
          scratch,
          flags == RENAME_EXCHANGE ? "RENAME_EXCHANGE" : "renameat2",
          toEntry);
    } catch (Throwable t) {
      throw rethrown(t);
    }
  }

  static void link(int from, String fromEntry, int to, String toEntry) throws IOException {
    try (Scratch scratch = Scratch.take()) {
      check(
          (int)
              LINKAT.invokeExact(
                  scratch.errno(),
                  from,
                  scratch.path(fromEntry),
                  to,
                  scratch.secondPath(toEntry),
                  0),
          scratch,
          "linkat",
          toEntry);
    } catch (Throwable t) {
      throw rethrown(t);
    }
  }

  /// Makes a file this long with all its blocks reserved; sparse where the file system can't.
  static void allocate(int fd, long size, String shown) throws IOException {
    try (Scratch scratch = Scratch.take()) {
      if (size > 0) {
        int result = -1;
        do {
          result = (int) FALLOCATE.invokeExact(scratch.errno(), fd, 0, 0L, size);
        } while (result < 0 && scratch.errnoValue() == Errno.EINTR);
        if (result < 0 && scratch.errnoValue() != Errno.EOPNOTSUPP) {
          throw scratch.failure("fallocate", shown);
        }
      }
    } catch (Throwable t) {
      throw rethrown(t);
    }
    resize(fd, size, shown);
  }

  static void resize(int fd, long size, String shown) throws IOException {
    try (Scratch scratch = Scratch.take()) {
      check((int) FTRUNCATE.invokeExact(scratch.errno(), fd, size), scratch, "ftruncate", shown);
    } catch (Throwable t) {
      throw rethrown(t);
    }
  }

  /// Returns once file or folder are on disk.
  static void sync(int fd, String shown) throws IOException {
    try (Scratch scratch = Scratch.take()) {
      check((int) FSYNC.invokeExact(scratch.errno(), fd), scratch, "fsync", shown);
    } catch (Throwable t) {
      throw rethrown(t);
    }
  }

  /// Returns once the bytes of a file are on disk, and its size if that has changed.
  static void syncData(int fd, String shown) throws IOException {
    try (Scratch scratch = Scratch.take()) {
      check((int) FDATASYNC.invokeExact(scratch.errno(), fd), scratch, "fdatasync", shown);
    } catch (Throwable t) {
      throw rethrown(t);
    }
  }

  /// Has the disk begin to write a part of a file. What goes wrong, a sync will tell.
  static void beginSync(int fd, long position, long length, String shown) throws IOException {
    try (Scratch scratch = Scratch.take()) {
      check(
          (int) SYNC_FILE_RANGE.invokeExact(scratch.errno(), fd, position, length, RANGE_WRITE),
          scratch,
          "sync_file_range",
          shown);
    } catch (Throwable t) {
      throw rethrown(t);
    }
  }

  /// Returns once all of the file system that a file or folder lies on is on disk.
  static void syncFileSystem(int fd, String shown) throws IOException {
    try (Scratch scratch = Scratch.take()) {
      check((int) SYNCFS.invokeExact(scratch.errno(), fd), scratch, "syncfs", shown);
    } catch (Throwable t) {
      throw rethrown(t);
    }
  }

  static void chmod(int fd, int mode, String shown) throws IOException {
    try (Scratch scratch = Scratch.take()) {
      check((int) FCHMOD.invokeExact(scratch.errno(), fd, mode), scratch, "fchmod", shown);
    } catch (Throwable t) {
      throw rethrown(t);
    }
  }

  /// Makes a symlink of any bytes but NUL.
  static void symlink(byte[] target, int folder, String entry) throws IOException {
    try (Scratch scratch = Scratch.take()) {
      check(
          (int)
              SYMLINKAT.invokeExact(
                  scratch.errno(), scratch.path(target, entry), folder, scratch.secondPath(entry)),
          scratch,
          "symlinkat",
          entry);
    } catch (Throwable t) {
      throw rethrown(t);
    }
  }

  /// The target of a symlink that was opened itself (O_PATH and O_NOFOLLOW).
  ///
  /// @throws java.nio.file.NoSuchFileException if something else was opened
  static byte[] readLink(int link, String shown) throws IOException {
    try (Scratch scratch = Scratch.take();
        Arena arena = Arena.ofConfined()) {
      MemorySegment target = arena.allocate(Scratch.PATH_MAX);
      long length =
          (long)
              READLINKAT.invokeExact(
                  scratch.errno(), link, scratch.path(""), target, target.byteSize());
      if (length < 0) {
        throw scratch.failure("readlinkat", shown);
      }
      return target.asSlice(0, length).toArray(ValueLayout.JAVA_BYTE);
    } catch (Throwable t) {
      throw rethrown(t);
    }
  }

  static void setModified(int fd, long mtimeNs, String shown) throws IOException {
    try (Scratch scratch = Scratch.take()) {
      MemorySegment times = modified(scratch, mtimeNs);
      check((int) FUTIMENS.invokeExact(scratch.errno(), fd, times), scratch, "futimens", shown);
    } catch (Throwable t) {
      throw rethrown(t);
    }
  }

  /// The same of an entry of a folder, not following it.
  static void setModified(int folder, String entry, long mtimeNs) throws IOException {
    try (Scratch scratch = Scratch.take()) {
      check(
          (int)
              UTIMENSAT.invokeExact(
                  scratch.errno(),
                  folder,
                  scratch.path(entry),
                  modified(scratch, mtimeNs),
                  AT_SYMLINK_NOFOLLOW),
          scratch,
          "utimensat",
          entry);
    } catch (Throwable t) {
      throw rethrown(t);
    }
  }

  /// Two struct timespec: the access time stays.
  private static MemorySegment modified(Scratch scratch, long mtimeNs) {
    MemorySegment times = scratch.struct(32);
    times.set(JAVA_LONG, 0, 0);
    times.set(JAVA_LONG, 8, UTIME_OMIT);
    times.set(JAVA_LONG, 16, Math.floorDiv(mtimeNs, 1_000_000_000L));
    times.set(JAVA_LONG, 24, Math.floorMod(mtimeNs, 1_000_000_000L));
    return times;
  }

  /// One pread into a buffer outside the heap; advances it.
  ///
  /// @return bytes read, 0 at the end
  static int read(int fd, long position, ByteBuffer direct) throws IOException {
    return transfer(PREAD, "read", fd, position, direct);
  }

  /// One pwrite from a buffer outside the heap; advances it.
  static int write(int fd, long position, ByteBuffer direct) throws IOException {
    return transfer(PWRITE, "write", fd, position, direct);
  }

  private static int transfer(
      MethodHandle call, String operation, int fd, long position, ByteBuffer direct)
      throws IOException {
    try (Scratch scratch = Scratch.take()) {
      MemorySegment bytes = MemorySegment.ofBuffer(direct);
      while (true) {
        long count =
            (long)
                call.invokeExact(scratch.errno(), fd, bytes, (long) direct.remaining(), position);
        if (count >= 0) {
          direct.position(direct.position() + (int) count);
          return (int) count;
        }
        if (scratch.errnoValue() != Errno.EINTR) {
          throw scratch.failure(operation, "an open file");
        }
      }
    } catch (Throwable t) {
      throw rethrown(t);
    }
  }

  /// Copies from one file to another, within the kernel; on file systems that can share blocks
  /// between files nothing is copied.
  ///
  /// @return bytes copied, 0 at the end of the source, -1 if these files can't be copied like this
  static long copyRange(int from, long fromAt, int to, long toAt, long length, String shown)
      throws IOException {
    try (Scratch scratch = Scratch.take()) {
      MemorySegment offsets = scratch.struct(16);
      while (true) {
        offsets.set(JAVA_LONG, 0, fromAt);
        offsets.set(JAVA_LONG, 8, toAt);
        long count =
            (long)
                COPY_FILE_RANGE.invokeExact(
                    scratch.errno(), from, offsets, to, offsets.asSlice(8), length, 0);
        if (count >= 0) {
          return count;
        }
        switch (scratch.errnoValue()) {
          case Errno.EINTR -> {}
          case Errno.EXDEV, Errno.EINVAL, Errno.ENOSYS, Errno.EOPNOTSUPP -> {
            return -1;
          }
          default -> throw scratch.failure("copy_file_range", shown);
        }
      }
    } catch (Throwable t) {
      throw rethrown(t);
    }
  }

  /// The next entries of an open folder as the kernel lays them out (struct linux_dirent64).
  ///
  /// @return bytes filled, 0 at the end
  static int entries(int folder, MemorySegment buffer, String shown) throws IOException {
    try (Scratch scratch = Scratch.take()) {
      long count = (long) GETDENTS.invokeExact(scratch.errno(), folder, buffer, buffer.byteSize());
      if (count < 0) {
        throw scratch.failure("getdents64", shown);
      }
      return (int) count;
    } catch (Throwable t) {
      throw rethrown(t);
    }
  }

  private static void check(int result, Scratch scratch, String operation, String path)
      throws IOException {
    if (result < 0) {
      throw scratch.failure(operation, path);
    }
  }

  private static IOException rethrown(Throwable t) {
    return switch (t) {
      case IOException e -> e;
      case RuntimeException e -> throw e;
      case Error e -> throw e;
      default -> throw new AssertionError(t);
    };
  }

  private static boolean arm() {
    return System.getProperty("os.arch", "").equals("aarch64");
  }

  private static MethodHandle link(
      String function, int firstVariadic, MemoryLayout result, MemoryLayout... arguments) {
    FunctionDescriptor type = FunctionDescriptor.of(result, arguments);
    MemorySegment address = LINKER.defaultLookup().findOrThrow(function);
    Linker.Option errno = Linker.Option.captureCallState("errno");
    return firstVariadic < 0
        ? LINKER.downcallHandle(address, type, errno)
        : LINKER.downcallHandle(
            address, type, errno, Linker.Option.firstVariadicArg(firstVariadic));
  }
}
