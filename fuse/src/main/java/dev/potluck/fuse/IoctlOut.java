package dev.potluck.fuse;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;

/// `struct fuse_ioctl_out`: the answer to IOCTL; what the caller reads follows.
record IoctlOut(int result, int flags, int inIovs, int outIovs) {
  static final StructLayout LAYOUT =
      Abi.struct(
          "fuse_ioctl_out",
          Abi.u32("result"),
          Abi.u32("flags"),
          Abi.u32("in_iovs"),
          Abi.u32("out_iovs"));
  static final int BYTES = (int) LAYOUT.byteSize();

  private static final long RESULT = Abi.offset(LAYOUT, "result");
  private static final long FLAGS = Abi.offset(LAYOUT, "flags");
  private static final long IN_IOVS = Abi.offset(LAYOUT, "in_iovs");
  private static final long OUT_IOVS = Abi.offset(LAYOUT, "out_iovs");

  void write(MemorySegment out, long at) {
    Abi.put32(out, at + RESULT, result);
    Abi.put32(out, at + FLAGS, flags);
    Abi.put32(out, at + IN_IOVS, inIovs);
    Abi.put32(out, at + OUT_IOVS, outIovs);
  }
}
