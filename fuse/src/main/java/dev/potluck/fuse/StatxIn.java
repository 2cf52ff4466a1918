package dev.potluck.fuse;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;

/// `struct fuse_statx_in`: STATX (7.39): attributes and the time of birth.
record StatxIn(int getattrFlags, long fh, int sxFlags, int sxMask) {
  static final StructLayout LAYOUT =
      Abi.struct(
          "fuse_statx_in",
          Abi.u32("getattr_flags"),
          Abi.u32("reserved"),
          Abi.u64("fh"),
          Abi.u32("sx_flags"),
          Abi.u32("sx_mask"));
  static final int BYTES = (int) LAYOUT.byteSize();

  private static final long GETATTR_FLAGS = Abi.offset(LAYOUT, "getattr_flags");
  private static final long FH = Abi.offset(LAYOUT, "fh");
  private static final long SX_FLAGS = Abi.offset(LAYOUT, "sx_flags");
  private static final long SX_MASK = Abi.offset(LAYOUT, "sx_mask");

  static StatxIn read(MemorySegment in, long at) {
    return new StatxIn(
        Abi.get32(in, at + GETATTR_FLAGS),
        Abi.get64(in, at + FH),
        Abi.get32(in, at + SX_FLAGS),
        Abi.get32(in, at + SX_MASK));
  }
}
