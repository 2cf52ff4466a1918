package dev.potluck.fuse;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;

/// `struct fuse_access_in`: ACCESS: the mask of access(2). Not sent to a mount with
/// `default_permissions`.
record AccessIn(int mask) {
  static final StructLayout LAYOUT =
      Abi.struct("fuse_access_in", Abi.u32("mask"), Abi.u32("padding"));
  static final int BYTES = (int) LAYOUT.byteSize();

  private static final long MASK = Abi.offset(LAYOUT, "mask");

  static AccessIn read(MemorySegment in, long at) {
    return new AccessIn(Abi.get32(in, at + MASK));
  }
}
