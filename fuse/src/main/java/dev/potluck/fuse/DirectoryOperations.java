package dev.potluck.fuse;

import java.io.IOException;
import java.lang.foreign.MemorySegment;

/// Requests about open directories.
final class DirectoryOperations {
  private static final int FSYNC_FDATASYNC = 1;

  private final FileSystem files;
  private final Features features;

  DirectoryOperations(FileSystem files, Features features) {
    this.files = files;
    this.features = features;
  }

  void opendir(Request request) throws IOException, InterruptedException {
    Opened opened;
    try {
      opened = files.opendir(request, request.node());
    } catch (ErrnoException e) {
      if (e.is(Errno.ENOSYS) && !features.has(Handshake.NO_OPENDIR_SUPPORT)) {
        opened = Opened.cached(0); // an older kernel can't do without
      } else {
        throw e;
      }
    }
    new OpenOut(opened.handle(), opened.flags(), 0)
        .write(request.out(OpenOut.BYTES), OutHeader.BYTES);
    if (!request.answer(OpenOut.BYTES)) {
      files.releasedir(request, request.node(), opened.handle());
    }
  }

  void readdir(Request request, boolean plus) throws IOException, InterruptedException {
    ReadIn in = ReadIn.read(request.in(), InHeader.BYTES);
    int size = Math.clamp(Integer.toUnsignedLong(in.size()), 0, Handshake.MAX_BYTES);
    MemorySegment out = request.out(size);
    DirectoryEntries entries = new DirectoryEntries(out, OutHeader.BYTES, size, plus);
    boolean heard = false;
    try {
      files.readdir(request, request.node(), in.fh(), in.offset(), entries);
      heard = request.answer(entries.bytes());
    } finally {
      if (!heard && plus) {
        forgetAll(out, entries.bytes());
      }
    }
  }

  /// The kernel has not counted the look-ups of a listing that failed or came too late.
  private void forgetAll(MemorySegment out, int bytes) {
    long at = OutHeader.BYTES;
    while (at < OutHeader.BYTES + (long) bytes) {
      long node = Direntplus.node(out, at);
      if (node != 0) {
        files.forget(node, 1);
      }
      at += Direntplus.bytesAt(out, at);
    }
  }

  void releasedir(Request request) throws IOException, InterruptedException {
    ReleaseIn in = ReleaseIn.read(request.in(), InHeader.BYTES);
    files.releasedir(request, request.node(), in.fh());
    request.answer(0);
  }

  void fsyncdir(Request request) throws IOException, InterruptedException {
    FsyncIn in = FsyncIn.read(request.in(), InHeader.BYTES);
    files.fsyncdir(request, request.node(), in.fh(), (in.fsyncFlags() & FSYNC_FDATASYNC) != 0);
    request.answer(0);
  }
}
