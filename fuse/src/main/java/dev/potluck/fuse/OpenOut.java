package dev.potluck.fuse;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;

/// `struct fuse_open_out`: the answer to OPEN and OPENDIR, and the second half of that to CREATE:
/// the handle, `FOPEN_` flags, and the backing file of a passthrough.
record OpenOut(long fh, int openFlags, int backingId) {
  static final StructLayout LAYOUT =
      Abi.struct("fuse_open_out", Abi.u64("fh"), Abi.u32("open_flags"), Abi.u32("backing_id"));
  static final int BYTES = (int) LAYOUT.byteSize();

  private static final long FH = Abi.offset(LAYOUT, "fh");
  private static final long OPEN_FLAGS = Abi.offset(LAYOUT, "open_flags");
  private static final long BACKING_ID = Abi.offset(LAYOUT, "backing_id");

  void write(MemorySegment out, long at) {
    Abi.put64(out, at + FH, fh);
    Abi.put32(out, at + OPEN_FLAGS, openFlags);
    Abi.put32(out, at + BACKING_ID, backingId);
  }
}
