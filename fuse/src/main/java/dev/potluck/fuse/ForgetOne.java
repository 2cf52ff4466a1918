package dev.potluck.fuse;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;

/// `struct fuse_forget_one`: one of the nodes of a BATCH_FORGET.
record ForgetOne(long nodeid, long nlookup) {
  static final StructLayout LAYOUT =
      Abi.struct("fuse_forget_one", Abi.u64("nodeid"), Abi.u64("nlookup"));
  static final int BYTES = (int) LAYOUT.byteSize();

  private static final long NODEID = Abi.offset(LAYOUT, "nodeid");
  private static final long NLOOKUP = Abi.offset(LAYOUT, "nlookup");

  static ForgetOne read(MemorySegment in, long at) {
    return new ForgetOne(Abi.get64(in, at + NODEID), Abi.get64(in, at + NLOOKUP));
  }
}
