package dev.potluck.fuse;

import java.util.Optional;

/// An open file or directory: the number by which later requests name it, and how the kernel is to
/// read and write it.
///
/// The kernel demands that all opens of a node that are there at a time agree: either all are
/// passed through to one backing file, or none. So what a file system says is a wish. While a node
/// is open, the mode it is open in wins over the wish, and a `read` may come although passthrough
/// was wished for; a file system must serve it.
///
/// @param handle any number; programs never see it
/// @param flags `FOPEN_` bits of the header
/// @param backing the file the kernel shall read and write by itself, if it can
public record Opened(long handle, int flags, Optional<BackingFile> backing) {
  static final int DIRECT_IO = 1;
  static final int KEEP_CACHE = 1 << 1;
  static final int NONSEEKABLE = 1 << 2;
  static final int CACHE_DIR = 1 << 3;
  static final int STREAM = 1 << 4;
  static final int NOFLUSH = 1 << 5;
  static final int PARALLEL_DIRECT_WRITES = 1 << 6;
  static final int PASSTHROUGH = 1 << 7;

  /// Through the page cache, from which what earlier opens left is dropped.
  public static Opened cached(long handle) {
    return new Opened(handle, 0, Optional.empty());
  }

  /// Through the page cache, with what earlier opens of the node left there: for a node whose
  /// content never changes, or whose changes the [Notifier] tells.
  public static Opened keepingCache(long handle) {
    return new Opened(handle, KEEP_CACHE, Optional.empty());
  }

  /// Past the page cache: every read(2) and write(2) is a request, and a signal interrupts it. Who
  /// waits for a page of the cache can only be killed: the kernel then says nothing to us.
  public static Opened direct(long handle) {
    return new Opened(handle, DIRECT_IO, Optional.empty());
  }

  /// Written past the page cache, which keeps what earlier opens left there: for a file that is
  /// opened to be written only. Where the kernel does not see to who reads through the cache (see
  /// [Features#writesPastCache()]), say [#keepingCache(long)].
  public static Opened writtenDirectly(long handle) {
    return new Opened(handle, DIRECT_IO | KEEP_CACHE, Optional.empty());
  }

  /// Read and written by the kernel in a file of ours, without asking. Where the kernel can't or we
  /// may not (see [Features#passthrough()]), as [#keepingCache(long)].
  ///
  /// @param file closed by this package, whatever becomes of it; `open` must return it or close it
  public static Opened passthrough(long handle, BackingFile file) {
    return new Opened(handle, KEEP_CACHE, Optional.of(file));
  }

  /// A directory whose listing the kernel may keep and use again until [Notifier#invalidateContent]
  /// drops it.
  public static Opened cachedDirectory(long handle) {
    return new Opened(handle, KEEP_CACHE | CACHE_DIR, Optional.empty());
  }

  /// The same, and closing it asks nothing (no `flush`).
  public Opened withoutFlush() {
    return new Opened(handle, flags | NOFLUSH, backing);
  }

  /// The same, without a position: a stream.
  public Opened asStream() {
    return new Opened(handle, flags | STREAM | NONSEEKABLE, backing);
  }

  /// The same, and writes that go past the page cache may come at once.
  public Opened withParallelWrites() {
    return new Opened(handle, flags | PARALLEL_DIRECT_WRITES, backing);
  }
}
