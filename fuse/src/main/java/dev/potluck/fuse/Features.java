package dev.potluck.fuse;

/// What the kernel and this program agreed on when the mount began.
///
/// @param minor of the protocol 7.minor
/// @param flags the `FUSE_` bits of INIT that both have, bits 32 to 63 from `flags2`
/// @param maxWriteBytes the most that one write request carries
/// @param passthrough whether the kernel lets this process hand it backing files: it knows how
///   (7.40), and the process has `CAP_SYS_ADMIN`
public record Features(int minor, long flags, int maxWriteBytes, boolean passthrough) {
  Features withPassthrough(boolean may) {
    return new Features(minor, flags, maxWriteBytes, may);
  }

  /// Whether the kernel drops from its page cache what is written past that (Linux 6.6), so that
  /// who reads through the cache sees it: a file may then be open in both ways.
  public boolean writesPastCache() {
    return has(Handshake.DIRECT_IO_ALLOW_MMAP);
  }

  boolean has(long flag) {
    return (flags & flag) != 0;
  }
}
