package dev.potluck.fuse;

import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;

/// What [FileSystem#readdir] fills: entries of a directory, as many as fit. Of one request and its
/// thread.
public final class DirectoryEntries {
  private final MemorySegment out;
  private final long begin;
  private final long end;
  private final boolean plus;
  private long at;

  DirectoryEntries(MemorySegment out, long begin, int size, boolean plus) {
    this.out = out;
    this.begin = begin;
    this.at = begin;
    this.end = begin + size;
    this.plus = plus;
  }

  /// Whether the kernel takes attributes with the entries. If so, [#add(String, Entry, long)]
  /// spares it a look-up of each.
  public boolean withAttributes() {
    return plus;
  }

  /// Adds an entry with what [FileSystem#lookup] would say of it. If it fits, and attributes are
  /// wanted, that is one more look-up of its node.
  ///
  /// @param next the offset of what comes after it, above 0
  /// @return whether it fitted; if not, the listing ends here and goes on with a later request
  public boolean add(String name, Entry entry, long next) {
    byte[] bytes = name.getBytes(StandardCharsets.UTF_8);
    if (!plus) {
      return addBare(bytes, entry.attributes().ino(), entry.attributes().type(), next);
    }
    long size = Direntplus.bytes(bytes.length);
    if (at + size > end) {
      return false;
    }
    Direntplus.write(out, at, entry, next, bytes);
    at += size;
    return true;
  }

  /// Adds an entry that is not looked up by this: "." and "..", or when nothing is known of it.
  ///
  /// @param ino as in its attributes
  /// @param mode of which the type counts
  /// @param next the offset of what comes after it, above 0
  /// @return whether it fitted
  public boolean add(String name, long ino, int mode, long next) {
    byte[] bytes = name.getBytes(StandardCharsets.UTF_8);
    return addBare(bytes, ino, (mode & FileMode.TYPE) >>> 12, next);
  }

  private boolean addBare(byte[] name, long ino, int type, long next) {
    long size = plus ? Direntplus.bytes(name.length) : Dirent.bytes(name.length);
    if (at + size > end) {
      return false;
    }
    if (plus) {
      Direntplus.writeBare(out, at, ino, next, type, name);
    } else {
      Dirent.write(out, at, ino, next, type, name);
    }
    at += size;
    return true;
  }

  int bytes() {
    return (int) (at - begin);
  }
}
