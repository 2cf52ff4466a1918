package dev.potluck.fuse;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;

/// `struct fuse_ioctl_in`: IOCTL; `in_size` bytes of argument follow.
record IoctlIn(long fh, int flags, int cmd, long arg, int inSize, int outSize) {
  static final StructLayout LAYOUT =
      Abi.struct(
          "fuse_ioctl_in",
          Abi.u64("fh"),
          Abi.u32("flags"),
          Abi.u32("cmd"),
          Abi.u64("arg"),
          Abi.u32("in_size"),
          Abi.u32("out_size"));
  static final int BYTES = (int) LAYOUT.byteSize();

  private static final long FH = Abi.offset(LAYOUT, "fh");
  private static final long FLAGS = Abi.offset(LAYOUT, "flags");
  private static final long CMD = Abi.offset(LAYOUT, "cmd");
  private static final long ARG = Abi.offset(LAYOUT, "arg");
  private static final long IN_SIZE = Abi.offset(LAYOUT, "in_size");
  private static final long OUT_SIZE = Abi.offset(LAYOUT, "out_size");

  static IoctlIn read(MemorySegment in, long at) {
    return new IoctlIn(
        Abi.get64(in, at + FH),
        Abi.get32(in, at + FLAGS),
        Abi.get32(in, at + CMD),
        Abi.get64(in, at + ARG),
        Abi.get32(in, at + IN_SIZE),
        Abi.get32(in, at + OUT_SIZE));
  }
}
