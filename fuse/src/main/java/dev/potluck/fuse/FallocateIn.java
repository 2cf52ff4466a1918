package dev.potluck.fuse;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;

/// `struct fuse_fallocate_in`: FALLOCATE: the mode of fallocate(2) over a range.
record FallocateIn(long fh, long offset, long length, int mode) {
  static final StructLayout LAYOUT =
      Abi.struct(
          "fuse_fallocate_in",
          Abi.u64("fh"),
          Abi.u64("offset"),
          Abi.u64("length"),
          Abi.u32("mode"),
          Abi.u32("padding"));
  static final int BYTES = (int) LAYOUT.byteSize();

  private static final long FH = Abi.offset(LAYOUT, "fh");
  private static final long OFFSET = Abi.offset(LAYOUT, "offset");
  private static final long LENGTH = Abi.offset(LAYOUT, "length");
  private static final long MODE = Abi.offset(LAYOUT, "mode");

  static FallocateIn read(MemorySegment in, long at) {
    return new FallocateIn(
        Abi.get64(in, at + FH),
        Abi.get64(in, at + OFFSET),
        Abi.get64(in, at + LENGTH),
        Abi.get32(in, at + MODE));
  }
}
