package dev.potluck.fuse;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;

/// `struct fuse_backing_map`: the argument of `FUSE_DEV_IOC_BACKING_OPEN`: a descriptor that the
/// kernel may read and write itself.
record BackingMap(int fd, int flags) {
  static final StructLayout LAYOUT =
      Abi.struct("fuse_backing_map", Abi.u32("fd"), Abi.u32("flags"), Abi.u64("padding"));
  static final int BYTES = (int) LAYOUT.byteSize();

  private static final long FD = Abi.offset(LAYOUT, "fd");
  private static final long FLAGS = Abi.offset(LAYOUT, "flags");
  private static final long PADDING = Abi.offset(LAYOUT, "padding");

  void write(MemorySegment out, long at) {
    Abi.put32(out, at + FD, fd);
    Abi.put32(out, at + FLAGS, flags);
    Abi.put64(out, at + PADDING, 0);
  }
}
