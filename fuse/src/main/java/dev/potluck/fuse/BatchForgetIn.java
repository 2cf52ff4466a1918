package dev.potluck.fuse;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;

/// `struct fuse_batch_forget_in`: BATCH_FORGET: how many `fuse_forget_one` follow. There is no
/// answer.
record BatchForgetIn(int count) {
  static final StructLayout LAYOUT =
      Abi.struct("fuse_batch_forget_in", Abi.u32("count"), Abi.u32("dummy"));
  static final int BYTES = (int) LAYOUT.byteSize();

  private static final long COUNT = Abi.offset(LAYOUT, "count");

  static BatchForgetIn read(MemorySegment in, long at) {
    return new BatchForgetIn(Abi.get32(in, at + COUNT));
  }
}
