package dev.potluck.peer;

import java.io.EOFException;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.ByteBuffer;

/// An edit that is no file of its own yet: what was written, over the file that it was made from,
/// over zeros. Stays readable when either is replaced or deleted. Thread-safe.
final class OverlaidFile implements FileSource {
  private static final int COPY_BYTES = 1 << 20;

  private final FileHandle base;
  private final FileHandle log;
  private final Overlay overlay;
  private final long size;

  /// @param base belongs to this from here on, and so does the log
  OverlaidFile(FileHandle base, FileHandle log, Overlay overlay, long size) {
    this.base = base;
    this.log = log;
    this.overlay = overlay;
    this.size = size;
  }

  @Override
  public String path() {
    return base.path();
  }

  /// What the file beneath is now: whoever writes into that changes what is read here.
  @Override
  public FileStat stat() throws IOException {
    return base.stat();
  }

  @Override
  public int read(long position, ByteBuffer target) throws IOException {
    if (!target.hasRemaining()) {
      return 0;
    }
    if (position >= size) {
      return -1;
    }
    int limit = target.limit();
    try {
      return readPart(position, target);
    } finally {
      target.limit(limit);
    }
  }

  /// Reads what lies together at a position: bytes written, bytes of the file beneath, or zeros.
  private int readPart(long position, ByteBuffer target) throws IOException {
    Extents.Extent next = overlay.extents().endingAfter(position).orElse(null);
    if (next != null && next.from() <= position) {
      int count = limited(target, next.to() - position);
      fill(log, next.at() + position - next.from(), target);
      return count;
    }
    long end = next == null ? size : next.from();
    if (position < overlay.base().size()) {
      int count = limited(target, Math.min(end, overlay.base().size()) - position);
      fill(base, position, target);
      return count;
    }
    int count = limited(target, end - position);
    while (target.hasRemaining()) {
      target.put((byte) 0);
    }
    return count;
  }

  private static int limited(ByteBuffer target, long bytes) {
    int count = (int) Math.min(target.remaining(), bytes);
    target.limit(target.position() + count);
    return count;
  }

  private static void fill(FileHandle file, long position, ByteBuffer target) throws IOException {
    int wanted = target.remaining();
    if (LocalOpenFile.readFully(file, position, target) != wanted) {
      throw new EOFException(file.path() + " has become shorter");
    }
  }

  /// Makes a new file all of this. Blocks are shared with the file beneath where the file system
  /// can.
  ///
  /// @throws InterruptedIOException if the thread is interrupted meanwhile
  void copyTo(FileHandle target) throws IOException {
    copy(base, 0, target, 0, overlay.base().size());
    for (Extents.Extent extent : overlay.extents().inOrder()) {
      copy(log, extent.at(), target, extent.from(), extent.length());
    }
    target.resize(size);
  }

  /// Copies bytes from one file to a place of another.
  static void copy(FileHandle from, long fromAt, FileHandle to, long toAt, long length)
      throws IOException {
    long done = to.copyFrom(from, fromAt, toAt, length);
    if (done == length) {
      return;
    }
    ByteBuffer buffer = ByteBuffer.allocateDirect((int) Math.min(COPY_BYTES, length - done));
    for (long at = done; at < length; at += buffer.limit()) {
      if (at > done && Thread.currentThread().isInterrupted()) {
        throw new InterruptedIOException("interrupted while copying " + from.path());
      }
      buffer.clear().limit((int) Math.min(buffer.capacity(), length - at));
      fill(from, fromAt + at, buffer);
      to.write(toAt + at, buffer.flip());
    }
  }

  @Override
  public void close() {
    base.close();
    log.close();
  }
}
