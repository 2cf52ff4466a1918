package dev.potluck.peer;

import java.io.EOFException;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.util.concurrent.atomic.AtomicInteger;

/// An open file. Thread-safe: the descriptor is closed only when no call uses it any more, so that
/// a number the kernel gave to another file is never read by mistake.
final class FileHandle implements FileSource {
  private static final int CLOSED = Integer.MIN_VALUE;
  private static final int COPY_BYTES = 256 << 10;

  /// Where the kernel has to copy, it keeps the thread for so long.
  private static final long COPIED_AT_ONCE = 16L << 20;

  /// The most that is written by one call. The kernel caches a long write in blocks of its length,
  /// and under a hypervisor that takes back free memory such blocks are the ones it has taken:
  /// written 1 MiB a call, a file took 11 times as long as 64 KiB a call.
  private static final int WRITE_BYTES = 64 << 10;

  private final int fd;
  private final String path;
  private final AtomicInteger users = new AtomicInteger();

  FileHandle(int fd, String path) {
    this.fd = fd;
    this.path = path;
  }

  @Override
  public String path() {
    return path;
  }

  @Override
  public FileStat stat() throws IOException {
    return using(() -> LinuxFiles.stat(fd));
  }

  @Override
  public int read(long position, ByteBuffer target) throws IOException {
    if (!target.hasRemaining()) {
      return 0;
    }
    int count =
        using(
            () -> {
              if (target.isDirect()) {
                return LinuxFiles.read(fd, position, target);
              }
              ByteBuffer copy = ByteBuffer.allocateDirect(Math.min(COPY_BYTES, target.remaining()));
              int read = LinuxFiles.read(fd, position, copy);
              target.put(copy.flip());
              return read;
            });
    return count == 0 ? -1 : count;
  }

  void write(long position, ByteBuffer bytes) throws IOException {
    using(
        () -> {
          ByteBuffer direct = bytes.isDirect() ? bytes : directCopy(bytes);
          int end = direct.limit();
          for (long at = position; direct.position() < end; ) {
            direct.limit(Math.min(end, direct.position() + WRITE_BYTES));
            int written = LinuxFiles.write(fd, at, direct);
            if (written == 0) {
              throw new EOFException(path + ": nothing was written");
            }
            at += written;
          }
          return 0;
        });
  }

  private static ByteBuffer directCopy(ByteBuffer bytes) {
    return ByteBuffer.allocateDirect(bytes.remaining()).put(bytes).flip();
  }

  /// Copies what lies at the same place in another file, without copying it where the file system
  /// can have two files share blocks.
  ///
  /// @param source a descriptor of that file
  /// @return up to where; less than asked for if it can't be done like this, or that file ends
  long copyFrom(int source, long from, long to) throws IOException {
    long at = from;
    while (at < to) {
      long start = at;
      long length = Math.min(to - start, COPIED_AT_ONCE);
      long count = using(() -> LinuxFiles.copyRange(source, start, fd, start, length, path));
      if (count <= 0) {
        break;
      }
      at += count;
    }
    return at;
  }

  /// Copies what lies anywhere in another file, likewise.
  ///
  /// @return how many bytes
  /// @throws InterruptedIOException if the thread is interrupted while there is much to copy
  long copyFrom(FileHandle source, long sourceAt, long to, long lengthBytes) throws IOException {
    long done = 0;
    while (done < lengthBytes) {
      if (done > 0 && Thread.currentThread().isInterrupted()) {
        throw new InterruptedIOException("interrupted while copying " + source.path);
      }
      long start = done;
      long length = Math.min(lengthBytes - start, COPIED_AT_ONCE);
      long count =
          source.using(
              () ->
                  using(
                      () ->
                          LinuxFiles.copyRange(
                              source.fd, sourceAt + start, fd, to + start, length, path)));
      if (count <= 0) {
        break;
      }
      done += count;
    }
    return done;
  }

  /// The same open file, to be closed apart from this one.
  FileHandle duplicate() throws IOException {
    return new FileHandle(descriptor(), path);
  }

  /// Another descriptor of the same open file, which belongs to the caller.
  int descriptor() throws IOException {
    return using(() -> LinuxFiles.duplicate(fd, path));
  }

  /// Makes it so long, without taking place on the disk.
  void resize(long size) throws IOException {
    using(
        () -> {
          LinuxFiles.resize(fd, size, path);
          return 0;
        });
  }

  void allocate(long size) throws IOException {
    using(
        () -> {
          LinuxFiles.allocate(fd, size, path);
          return 0;
        });
  }

  void sync() throws IOException {
    using(
        () -> {
          LinuxFiles.sync(fd, path);
          return 0;
        });
  }

  /// The same for its bytes and its size, not for times and mode.
  void syncData() throws IOException {
    using(
        () -> {
          LinuxFiles.syncData(fd, path);
          return 0;
        });
  }

  /// Has the disk begin to write what was written there; does not wait for it.
  void beginSync(long position, long length) throws IOException {
    using(
        () -> {
          LinuxFiles.beginSync(fd, position, length, path);
          return 0;
        });
  }

  /// Sets mode and mtime, and says what it is then.
  FileStat dressed(int mode, long mtimeNs) throws IOException {
    return using(
        () -> {
          LinuxFiles.setModified(fd, mtimeNs, path);
          FileStat stat = LinuxFiles.stat(fd);
          if (stat.mode() == mode) {
            return stat; // As it was made; thousands of small files need not be told.
          }
          LinuxFiles.chmod(fd, mode, path);
          return LinuxFiles.stat(fd);
        });
  }

  @Override
  public void close() {
    int before = users.getAndUpdate(n -> n < 0 ? n : n + CLOSED);
    if (before == 0) {
      LinuxFiles.close(fd);
    }
  }

  private <T> T using(Call<T> call) throws IOException {
    int before = users.getAndUpdate(n -> n < 0 ? n : n + 1);
    if (before < 0) {
      throw new ClosedChannelException();
    }
    try {
      return call.run();
    } finally {
      if (users.decrementAndGet() == CLOSED) {
        LinuxFiles.close(fd);
      }
    }
  }

  @FunctionalInterface
  private interface Call<T> {
    T run() throws IOException;
  }
}
