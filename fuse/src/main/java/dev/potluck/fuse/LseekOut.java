package dev.potluck.fuse;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;

/// `struct fuse_lseek_out`: the answer to LSEEK.
record LseekOut(long offset) {
  static final StructLayout LAYOUT = Abi.struct("fuse_lseek_out", Abi.u64("offset"));
  static final int BYTES = (int) LAYOUT.byteSize();

  private static final long OFFSET = Abi.offset(LAYOUT, "offset");

  void write(MemorySegment out, long at) {
    Abi.put64(out, at + OFFSET, offset);
  }
}
