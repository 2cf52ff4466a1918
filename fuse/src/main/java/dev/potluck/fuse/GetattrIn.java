package dev.potluck.fuse;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;

/// `struct fuse_getattr_in`: GETATTR: the attributes of a node, asked for through an open file when
/// bit 0 of the flags says so.
record GetattrIn(int getattrFlags, long fh) {
  static final StructLayout LAYOUT =
      Abi.struct("fuse_getattr_in", Abi.u32("getattr_flags"), Abi.u32("dummy"), Abi.u64("fh"));
  static final int BYTES = (int) LAYOUT.byteSize();

  private static final long GETATTR_FLAGS = Abi.offset(LAYOUT, "getattr_flags");
  private static final long FH = Abi.offset(LAYOUT, "fh");

  static GetattrIn read(MemorySegment in, long at) {
    return new GetattrIn(Abi.get32(in, at + GETATTR_FLAGS), Abi.get64(in, at + FH));
  }
}
