package dev.potluck.fuse;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;

/// `struct fuse_read_in`: READ, READDIR and READDIRPLUS: at most `size` bytes from `offset`.
record ReadIn(long fh, long offset, int size, int readFlags, long lockOwner, int flags) {
  static final StructLayout LAYOUT =
      Abi.struct(
          "fuse_read_in",
          Abi.u64("fh"),
          Abi.u64("offset"),
          Abi.u32("size"),
          Abi.u32("read_flags"),
          Abi.u64("lock_owner"),
          Abi.u32("flags"),
          Abi.u32("padding"));
  static final int BYTES = (int) LAYOUT.byteSize();

  private static final long FH = Abi.offset(LAYOUT, "fh");
  private static final long OFFSET = Abi.offset(LAYOUT, "offset");
  private static final long SIZE = Abi.offset(LAYOUT, "size");
  private static final long READ_FLAGS = Abi.offset(LAYOUT, "read_flags");
  private static final long LOCK_OWNER = Abi.offset(LAYOUT, "lock_owner");
  private static final long FLAGS = Abi.offset(LAYOUT, "flags");

  static ReadIn read(MemorySegment in, long at) {
    return new ReadIn(
        Abi.get64(in, at + FH),
        Abi.get64(in, at + OFFSET),
        Abi.get32(in, at + SIZE),
        Abi.get32(in, at + READ_FLAGS),
        Abi.get64(in, at + LOCK_OWNER),
        Abi.get32(in, at + FLAGS));
  }
}
