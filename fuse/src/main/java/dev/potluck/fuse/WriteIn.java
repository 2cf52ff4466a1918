package dev.potluck.fuse;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;

/// `struct fuse_write_in`: WRITE; `size` bytes of data follow.
record WriteIn(long fh, long offset, int size, int writeFlags, long lockOwner, int flags) {
  static final StructLayout LAYOUT =
      Abi.struct(
          "fuse_write_in",
          Abi.u64("fh"),
          Abi.u64("offset"),
          Abi.u32("size"),
          Abi.u32("write_flags"),
          Abi.u64("lock_owner"),
          Abi.u32("flags"),
          Abi.u32("padding"));
  static final int BYTES = (int) LAYOUT.byteSize();

  private static final long FH = Abi.offset(LAYOUT, "fh");
  private static final long OFFSET = Abi.offset(LAYOUT, "offset");
  private static final long SIZE = Abi.offset(LAYOUT, "size");
  private static final long WRITE_FLAGS = Abi.offset(LAYOUT, "write_flags");
  private static final long LOCK_OWNER = Abi.offset(LAYOUT, "lock_owner");
  private static final long FLAGS = Abi.offset(LAYOUT, "flags");

  static WriteIn read(MemorySegment in, long at) {
    return new WriteIn(
        Abi.get64(in, at + FH),
        Abi.get64(in, at + OFFSET),
        Abi.get32(in, at + SIZE),
        Abi.get32(in, at + WRITE_FLAGS),
        Abi.get64(in, at + LOCK_OWNER),
        Abi.get32(in, at + FLAGS));
  }
}
