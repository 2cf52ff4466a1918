package dev.potluck.fuse;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/// What is mounted: nodes by number (1 is the root), open files and directories by handle. Named as
/// the operations of the protocol are.
///
/// Threads: any number of requests at once. A request runs on a virtual thread of its own, or,
/// where [#mayBlock] says that it will not wait for anything, on the thread that read it, which is
/// faster and holds up others while it runs. A request whose caller got a signal has its thread
/// interrupted; its answer is then of use to nobody, and EINTR is right.
///
/// Errors: an [ErrnoException] is answered with its number, other I/O errors with the number that
/// fits best ([FileSystemException][java.nio.file.FileSystemException]s by their class, else EIO).
/// Anything else that is thrown is a bug: EIO, and a line in the log.
///
/// What is not implemented answers as the kernel expects it: ENOSYS where it then does without and
/// asks no more, EROFS for what would change something, EOPNOTSUPP or ENOTTY else.
public interface FileSystem {
  /// The number of the root.
  long ROOT = 1;

  /// The kernel is ready, nothing has been asked yet. Must not touch the mounted directory.
  default void mounted(Features features, Notifier notifier) {}

  /// Nothing will be asked any more: unmounted, or the connection is gone. Nodes are forgotten and
  /// handles released without being named.
  default void unmounted() {}

  /// Whether a request may wait: for the network, a disk, a lock of somebody slow. Called by the
  /// thread that reads requests, so it must not wait itself.
  ///
  /// @param handle 0 where the operation names none
  default boolean mayBlock(Opcode opcode, long node, long handle) {
    return true;
  }

  /// The same for a READ, which may wait in one place of a file and not in another.
  default boolean readMayBlock(long node, long handle, long offset, int size) {
    return mayBlock(Opcode.READ, node, handle);
  }

  /// What a name in a directory leads to; one more look-up of its node.
  ///
  /// @throws ErrnoException ENOENT, or return [Entry#absent] if that may be cached
  Entry lookup(Request request, long parent, String name) throws IOException, InterruptedException;

  /// The kernel forgets a node as often as it had looked it up; at 0 the number is free. Never
  /// waits.
  default void forget(long node, long lookups) {}

  /// @param handle an open file through which it is asked, if the kernel has one
  Stat getattr(Request request, long node, OptionalLong handle)
      throws IOException, InterruptedException;

  default StatWithBirth statx(Request request, long node, OptionalLong handle)
      throws IOException, InterruptedException {
    throw new ErrnoException(Errno.ENOSYS);
  }

  default Stat setattr(Request request, long node, AttributeChange change)
      throws IOException, InterruptedException {
    throw new ErrnoException(Errno.EROFS);
  }

  /// What a symlink leads to: bytes as they were given, at most 4,095.
  default byte[] readlink(Request request, long node) throws IOException, InterruptedException {
    throw new ErrnoException(Errno.EINVAL);
  }

  /// @param target any bytes but NUL, at least one
  default Entry symlink(Request request, long parent, String name, byte[] target)
      throws IOException, InterruptedException {
    throw new ErrnoException(Errno.EROFS);
  }

  /// @param mode type and permissions
  /// @param rdev device number, for device files
  default Entry mknod(Request request, long parent, String name, int mode, int rdev)
      throws IOException, InterruptedException {
    throw new ErrnoException(Errno.EROFS);
  }

  default Entry mkdir(Request request, long parent, String name, int mode)
      throws IOException, InterruptedException {
    throw new ErrnoException(Errno.EROFS);
  }

  default void unlink(Request request, long parent, String name)
      throws IOException, InterruptedException {
    throw new ErrnoException(Errno.EROFS);
  }

  default void rmdir(Request request, long parent, String name)
      throws IOException, InterruptedException {
    throw new ErrnoException(Errno.EROFS);
  }

  /// @param flags 0, [Rename#NOREPLACE], [Rename#EXCHANGE]; EINVAL for what is not known
  default void rename(
      Request request, long parent, String name, long newParent, String newName, int flags)
      throws IOException, InterruptedException {
    throw new ErrnoException(Errno.EROFS);
  }

  default Entry link(Request request, long node, long newParent, String newName)
      throws IOException, InterruptedException {
    throw new ErrnoException(Errno.EROFS);
  }

  /// @param flags see [OpenFlags]; with [OpenFlags#TRUNCATE] the file is to be emptied
  Opened open(Request request, long node, int flags) throws IOException, InterruptedException;

  /// Makes a file and opens it. One more look-up of its node.
  default Created create(Request request, long parent, String name, int mode, int flags)
      throws IOException, InterruptedException {
    throw new ErrnoException(Errno.EROFS);
  }

  /// Makes a file without a name (O_TMPFILE) and opens it. One more look-up of its node.
  default Created tmpfile(Request request, long parent, int mode, int flags)
      throws IOException, InterruptedException {
    throw new ErrnoException(Errno.EOPNOTSUPP);
  }

  /// Bytes of a file, fewer than asked for only at its end. Native memory goes to the kernel as it
  /// is; heap memory is copied once. [Request#buffer] lends native memory; other memory must not
  /// change until [Request#afterAnswer].
  MemorySegment read(Request request, long node, long handle, long offset, int size)
      throws IOException, InterruptedException;

  /// Takes bytes; all of them or an error, but for files past the page cache.
  ///
  /// @param data native memory, only until this returns
  /// @return how many were taken
  default int write(Request request, long node, long handle, long offset, MemorySegment data)
      throws IOException, InterruptedException {
    throw new ErrnoException(Errno.EROFS);
  }

  /// A descriptor was closed; others of the same open file may be there. What it throws is what
  /// close(2) returns. [Request#lockOwner] gives up its fcntl locks.
  default void flush(Request request, long node, long handle)
      throws IOException, InterruptedException {
    throw new ErrnoException(Errno.ENOSYS);
  }

  /// The last descriptor of an open file is gone; nobody sees an error.
  ///
  /// @param unlock [Request#lockOwner] gives up its flock
  default void release(Request request, long node, long handle, boolean unlock)
      throws IOException, InterruptedException {}

  /// @param dataOnly fdatasync(2)
  default void fsync(Request request, long node, long handle, boolean dataOnly)
      throws IOException, InterruptedException {
    throw new ErrnoException(Errno.ENOSYS);
  }

  default Opened opendir(Request request, long node) throws IOException, InterruptedException {
    throw new ErrnoException(Errno.ENOSYS);
  }

  /// Adds entries from an offset on, until one does not fit. Offset 0 is the beginning; others are
  /// what an entry said came next. Each entry that fits and is added with its attributes is one
  /// more look-up of its node.
  void readdir(Request request, long node, long handle, long offset, DirectoryEntries entries)
      throws IOException, InterruptedException;

  default void releasedir(Request request, long node, long handle)
      throws IOException, InterruptedException {}

  default void fsyncdir(Request request, long node, long handle, boolean dataOnly)
      throws IOException, InterruptedException {
    throw new ErrnoException(Errno.ENOSYS);
  }

  default Statfs statfs(Request request, long node) throws IOException, InterruptedException {
    return Statfs.UNKNOWN;
  }

  /// @return the value
  /// @throws ErrnoException ENODATA if there is none
  default byte[] getxattr(Request request, long node, String name)
      throws IOException, InterruptedException {
    throw new ErrnoException(Errno.ENOSYS);
  }

  default List<String> listxattr(Request request, long node)
      throws IOException, InterruptedException {
    throw new ErrnoException(Errno.ENOSYS);
  }

  /// @param flags 0, 1 (`XATTR_CREATE`: EEXIST if there is one), 2 (`XATTR_REPLACE`: ENODATA if
  ///   there is none)
  default void setxattr(Request request, long node, String name, byte[] value, int flags)
      throws IOException, InterruptedException {
    throw new ErrnoException(Errno.ENOSYS);
  }

  default void removexattr(Request request, long node, String name)
      throws IOException, InterruptedException {
    throw new ErrnoException(Errno.ENOSYS);
  }

  /// Only without `default_permissions`, which mounts of this package always have.
  default void access(Request request, long node, int mask)
      throws IOException, InterruptedException {
    throw new ErrnoException(Errno.ENOSYS);
  }

  /// Who would be in the way of a lock. Only with [MountOptions#locks].
  default Optional<RecordLock> getlk(
      Request request, long node, long handle, long owner, RecordLock lock)
      throws IOException, InterruptedException {
    throw new ErrnoException(Errno.ENOSYS);
  }

  /// Takes or gives up a lock. Only with [MountOptions#locks].
  ///
  /// @param flock of flock(2), else of fcntl(2)
  /// @param wait until it is free, or the thread is interrupted; else EAGAIN
  default void setlk(
      Request request,
      long node,
      long handle,
      long owner,
      RecordLock lock,
      boolean flock,
      boolean wait)
      throws IOException, InterruptedException {
    throw new ErrnoException(Errno.ENOSYS);
  }

  /// @param mode of fallocate(2)
  default void fallocate(
      Request request, long node, long handle, long offset, long length, int mode)
      throws IOException, InterruptedException {
    throw new ErrnoException(Errno.EOPNOTSUPP);
  }

  /// Where data, or a hole, begins at or after an offset; ENXIO past the end.
  ///
  /// @param hole `SEEK_HOLE`, else `SEEK_DATA`
  default long lseek(Request request, long node, long handle, long offset, boolean hole)
      throws IOException, InterruptedException {
    throw new ErrnoException(Errno.ENOSYS);
  }

  /// @return how many bytes were copied
  default long copyFileRange(Request request, FileRange from, FileRange to, long length)
      throws IOException, InterruptedException {
    throw new ErrnoException(Errno.EOPNOTSUPP);
  }

  default void syncfs(Request request, long node) throws IOException, InterruptedException {
    throw new ErrnoException(Errno.ENOSYS);
  }

  /// @param argument what the caller gives, as its command's number says
  /// @param size the most that the caller takes
  default IoctlResult ioctl(
      Request request, long node, long handle, int command, MemorySegment argument, int size)
      throws IOException, InterruptedException {
    throw new ErrnoException(Errno.ENOTTY);
  }
}
