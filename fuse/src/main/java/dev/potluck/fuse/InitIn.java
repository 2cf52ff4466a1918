package dev.potluck.fuse;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;

/// `struct fuse_init_in`: INIT: the version and abilities of the kernel. Kernels without
/// `FUSE_INIT_EXT` send only the first 16 bytes.
record InitIn(int major, int minor, int maxReadahead, int flags, int flags2) {
  static final StructLayout LAYOUT =
      Abi.struct(
          "fuse_init_in",
          Abi.u32("major"),
          Abi.u32("minor"),
          Abi.u32("max_readahead"),
          Abi.u32("flags"),
          Abi.u32("flags2"),
          Abi.array("unused", 11, Abi.u32("unused")));
  static final int BYTES = (int) LAYOUT.byteSize();

  private static final long MAJOR = Abi.offset(LAYOUT, "major");
  private static final long MINOR = Abi.offset(LAYOUT, "minor");
  private static final long MAX_READAHEAD = Abi.offset(LAYOUT, "max_readahead");
  private static final long FLAGS = Abi.offset(LAYOUT, "flags");
  private static final long FLAGS2 = Abi.offset(LAYOUT, "flags2");

  static InitIn read(MemorySegment in, long at) {
    return new InitIn(
        Abi.get32(in, at + MAJOR),
        Abi.get32(in, at + MINOR),
        Abi.get32(in, at + MAX_READAHEAD),
        Abi.get32(in, at + FLAGS),
        Abi.get32(in, at + FLAGS2));
  }
}
