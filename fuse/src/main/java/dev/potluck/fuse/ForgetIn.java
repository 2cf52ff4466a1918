package dev.potluck.fuse;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;

/// `struct fuse_forget_in`: FORGET: by how much the look-up count of a node shrinks. There is no
/// answer.
record ForgetIn(long nlookup) {
  static final StructLayout LAYOUT = Abi.struct("fuse_forget_in", Abi.u64("nlookup"));
  static final int BYTES = (int) LAYOUT.byteSize();

  private static final long NLOOKUP = Abi.offset(LAYOUT, "nlookup");

  static ForgetIn read(MemorySegment in, long at) {
    return new ForgetIn(Abi.get64(in, at + NLOOKUP));
  }
}
