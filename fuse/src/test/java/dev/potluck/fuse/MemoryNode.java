package dev.potluck.fuse;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// A file, directory or symlink in memory. Guarded by its file system.
final class MemoryNode {
  static final int PAGE = 4096;

  final long ino;
  final Map<String, MemoryNode> children = new LinkedHashMap<>();
  final Map<String, byte[]> xattrs = new TreeMap<>();
  final TreeMap<Long, byte[]> pages = new TreeMap<>();
  final LockTable locks = new LockTable();
  int mode;
  int nlink;
  int uid;
  int gid;
  int rdev;
  long size;
  long atimeNs;
  long mtimeNs;
  long ctimeNs;
  byte[] target = {};
  @Nullable Path backing;

  MemoryNode(long ino, int mode, long nowNs) {
    this.ino = ino;
    this.mode = mode;
    this.nlink = isDirectory() ? 2 : 1;
    this.atimeNs = nowNs;
    this.mtimeNs = nowNs;
    this.ctimeNs = nowNs;
  }

  boolean isDirectory() {
    return (mode & FileMode.TYPE) == FileMode.DIRECTORY;
  }

  Attributes attributes() {
    long bytes = target.length == 0 ? size : target.length;
    if (backing != null) {
      bytes = backing.toFile().length();
    }
    return new Attributes(
        ino,
        bytes,
        pages.size() * (PAGE / 512L),
        atimeNs,
        mtimeNs,
        ctimeNs,
        mode,
        nlink,
        uid,
        gid,
        rdev,
        PAGE);
  }

  byte[] read(long offset, int length) {
    int count = Math.clamp(size - offset, 0, length);
    byte[] bytes = new byte[count];
    for (int done = 0; done < count; ) {
      long at = offset + done;
      int within = (int) (at % PAGE);
      int n = Math.min(PAGE - within, count - done);
      byte[] page = pages.get(at / PAGE);
      if (page != null) {
        System.arraycopy(page, within, bytes, done, n);
      }
      done += n;
    }
    return bytes;
  }

  void write(long offset, byte[] bytes) {
    for (int done = 0; done < bytes.length; ) {
      long at = offset + done;
      int within = (int) (at % PAGE);
      int n = Math.min(PAGE - within, bytes.length - done);
      byte[] page = pages.computeIfAbsent(at / PAGE, _ -> new byte[PAGE]);
      System.arraycopy(bytes, done, page, within, n);
      done += n;
    }
    size = Math.max(size, offset + bytes.length);
  }

  void truncate(long newSize) {
    if (newSize < size) {
      pages.tailMap((newSize + PAGE - 1) / PAGE, true).clear();
      byte[] last = pages.get(newSize / PAGE);
      if (last != null) {
        Arrays.fill(last, (int) (newSize % PAGE), PAGE, (byte) 0);
      }
    }
    size = newSize;
  }

  /// Makes whole pages of a range holes, and zeroes the rest of it.
  void punch(long offset, long length) {
    long end = Math.min(offset + length, size);
    for (long at = offset; at < end; ) {
      int within = (int) (at % PAGE);
      int n = (int) Math.min(PAGE - within, end - at);
      byte[] page = pages.get(at / PAGE);
      if (n == PAGE) {
        pages.remove(at / PAGE);
      } else if (page != null) {
        Arrays.fill(page, within, within + n, (byte) 0);
      }
      at += n;
    }
  }

  /// Where data or a hole begins; -1 if nothing but a hole follows, or the offset is past the end.
  long seek(long offset, boolean hole) {
    if (offset >= size) {
      return -1;
    }
    long at = offset;
    while (at < size && pages.containsKey(at / PAGE) == hole) {
      Long next = hole ? Long.valueOf(at / PAGE + 1) : pages.ceilingKey(at / PAGE);
      if (next == null) {
        return -1;
      }
      at = next * PAGE;
    }
    return hole ? Math.min(at, size) : at >= size ? -1 : at;
  }
}
