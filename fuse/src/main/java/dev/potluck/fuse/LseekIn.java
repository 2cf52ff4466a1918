package dev.potluck.fuse;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;

/// `struct fuse_lseek_in`: LSEEK: `SEEK_DATA` or `SEEK_HOLE` from an offset; other seeks never
/// leave the kernel.
record LseekIn(long fh, long offset, int whence) {
  static final StructLayout LAYOUT =
      Abi.struct(
          "fuse_lseek_in", Abi.u64("fh"), Abi.u64("offset"), Abi.u32("whence"), Abi.u32("padding"));
  static final int BYTES = (int) LAYOUT.byteSize();

  private static final long FH = Abi.offset(LAYOUT, "fh");
  private static final long OFFSET = Abi.offset(LAYOUT, "offset");
  private static final long WHENCE = Abi.offset(LAYOUT, "whence");

  static LseekIn read(MemorySegment in, long at) {
    return new LseekIn(
        Abi.get64(in, at + FH), Abi.get64(in, at + OFFSET), Abi.get32(in, at + WHENCE));
  }
}
