package dev.potluck.fuse;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;

/// `struct fuse_fsync_in`: FSYNC and FSYNCDIR; bit 0 of the flags: the data alone.
record FsyncIn(long fh, int fsyncFlags) {
  static final StructLayout LAYOUT =
      Abi.struct("fuse_fsync_in", Abi.u64("fh"), Abi.u32("fsync_flags"), Abi.u32("padding"));
  static final int BYTES = (int) LAYOUT.byteSize();

  private static final long FH = Abi.offset(LAYOUT, "fh");
  private static final long FSYNC_FLAGS = Abi.offset(LAYOUT, "fsync_flags");

  static FsyncIn read(MemorySegment in, long at) {
    return new FsyncIn(Abi.get64(in, at + FH), Abi.get32(in, at + FSYNC_FLAGS));
  }
}
