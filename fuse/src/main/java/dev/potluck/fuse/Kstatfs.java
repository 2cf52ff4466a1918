package dev.potluck.fuse;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;

/// `struct fuse_kstatfs`: the answer to STATFS (`struct fuse_statfs_out` is this and nothing else):
/// sizes in units of `frsize` bytes.
record Kstatfs(
    long blocks,
    long bfree,
    long bavail,
    long files,
    long ffree,
    int bsize,
    int namelen,
    int frsize) {
  static final StructLayout LAYOUT =
      Abi.struct(
          "fuse_kstatfs",
          Abi.u64("blocks"),
          Abi.u64("bfree"),
          Abi.u64("bavail"),
          Abi.u64("files"),
          Abi.u64("ffree"),
          Abi.u32("bsize"),
          Abi.u32("namelen"),
          Abi.u32("frsize"),
          Abi.u32("padding"),
          Abi.array("spare", 6, Abi.u32("spare")));
  static final int BYTES = (int) LAYOUT.byteSize();

  private static final long BLOCKS = Abi.offset(LAYOUT, "blocks");
  private static final long BFREE = Abi.offset(LAYOUT, "bfree");
  private static final long BAVAIL = Abi.offset(LAYOUT, "bavail");
  private static final long FILES = Abi.offset(LAYOUT, "files");
  private static final long FFREE = Abi.offset(LAYOUT, "ffree");
  private static final long BSIZE = Abi.offset(LAYOUT, "bsize");
  private static final long NAMELEN = Abi.offset(LAYOUT, "namelen");
  private static final long FRSIZE = Abi.offset(LAYOUT, "frsize");
  private static final long PADDING = Abi.offset(LAYOUT, "padding");
  private static final long SPARE = Abi.offset(LAYOUT, "spare");

  void write(MemorySegment out, long at) {
    Abi.put64(out, at + BLOCKS, blocks);
    Abi.put64(out, at + BFREE, bfree);
    Abi.put64(out, at + BAVAIL, bavail);
    Abi.put64(out, at + FILES, files);
    Abi.put64(out, at + FFREE, ffree);
    Abi.put32(out, at + BSIZE, bsize);
    Abi.put32(out, at + NAMELEN, namelen);
    Abi.put32(out, at + FRSIZE, frsize);
    Abi.put32(out, at + PADDING, 0);
    Abi.zero(out, at + SPARE, 24);
  }
}
