package dev.potluck.fuse;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;

/// `struct fuse_bmap_in`: BMAP: where a block lies on a device. Only block devices are asked.
record BmapIn(long block, int blocksize) {
  static final StructLayout LAYOUT =
      Abi.struct("fuse_bmap_in", Abi.u64("block"), Abi.u32("blocksize"), Abi.u32("padding"));
  static final int BYTES = (int) LAYOUT.byteSize();

  private static final long BLOCK = Abi.offset(LAYOUT, "block");
  private static final long BLOCKSIZE = Abi.offset(LAYOUT, "blocksize");

  static BmapIn read(MemorySegment in, long at) {
    return new BmapIn(Abi.get64(in, at + BLOCK), Abi.get32(in, at + BLOCKSIZE));
  }
}
