package dev.potluck.fuse;

/// What stat(2) says of a node. Times are nanoseconds since 1970 (UTC), negative before.
///
/// @param ino the number that programs see; it need not be the node's number
/// @param size bytes
/// @param blocks units of 512 bytes that the content takes
/// @param mode file type and permissions, see [FileMode]
/// @param rdev device number of a device file, as the kernel's `new_encode_dev` makes it
/// @param blksize bytes that are best read at once
public record Attributes(
    long ino,
    long size,
    long blocks,
    long atimeNs,
    long mtimeNs,
    long ctimeNs,
    int mode,
    int nlink,
    int uid,
    int gid,
    int rdev,
    int blksize) {
  private static final int BLKSIZE = 4096;
  private static final int BLOCK = 512;

  public Attributes {
    if (size < 0 || blocks < 0) {
      throw new IllegalArgumentException("a size below 0: " + size + ", " + blocks + " blocks");
    }
  }

  /// A regular file without holes, one link, owned by root, all times the same.
  public static Attributes file(long ino, long size, int permissions, long mtimeNs) {
    return of(ino, size, FileMode.REGULAR | (permissions & FileMode.PERMISSIONS), 1, mtimeNs);
  }

  /// A directory, owned by root, all times the same.
  public static Attributes directory(long ino, int permissions, long mtimeNs) {
    return of(ino, 0, FileMode.DIRECTORY | (permissions & FileMode.PERMISSIONS), 2, mtimeNs);
  }

  /// A symlink, owned by root, all times the same.
  ///
  /// @param targetBytes the length of what it leads to
  public static Attributes symlink(long ino, long targetBytes, long mtimeNs) {
    return of(ino, targetBytes, FileMode.SYMLINK | 0777, 1, mtimeNs);
  }

  private static Attributes of(long ino, long size, int mode, int nlink, long mtimeNs) {
    long blocks = size / BLOCK + (size % BLOCK == 0 ? 0 : 1);
    return new Attributes(
        ino, size, blocks, mtimeNs, mtimeNs, mtimeNs, mode, nlink, 0, 0, 0, BLKSIZE);
  }

  /// The same, owned by somebody.
  public Attributes ownedBy(int newUid, int newGid) {
    return new Attributes(
        ino, size, blocks, atimeNs, mtimeNs, ctimeNs, mode, nlink, newUid, newGid, rdev, blksize);
  }

  /// The file type as a directory entry has it (`DT_REG`, …).
  int type() {
    return (mode & FileMode.TYPE) >>> 12;
  }
}
