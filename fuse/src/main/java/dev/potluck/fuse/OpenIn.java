package dev.potluck.fuse;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;

/// `struct fuse_open_in`: OPEN and OPENDIR: the flags of open(2) without O_CREAT, O_EXCL and
/// O_NOCTTY.
record OpenIn(int flags, int openFlags) {
  static final StructLayout LAYOUT =
      Abi.struct("fuse_open_in", Abi.u32("flags"), Abi.u32("open_flags"));
  static final int BYTES = (int) LAYOUT.byteSize();

  private static final long FLAGS = Abi.offset(LAYOUT, "flags");
  private static final long OPEN_FLAGS = Abi.offset(LAYOUT, "open_flags");

  static OpenIn read(MemorySegment in, long at) {
    return new OpenIn(Abi.get32(in, at + FLAGS), Abi.get32(in, at + OPEN_FLAGS));
  }
}
