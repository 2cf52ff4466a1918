package dev.potluck.fuse;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;

/// `struct fuse_bmap_out`: the answer to BMAP.
record BmapOut(long block) {
  static final StructLayout LAYOUT = Abi.struct("fuse_bmap_out", Abi.u64("block"));
  static final int BYTES = (int) LAYOUT.byteSize();

  private static final long BLOCK = Abi.offset(LAYOUT, "block");

  void write(MemorySegment out, long at) {
    Abi.put64(out, at + BLOCK, block);
  }
}
