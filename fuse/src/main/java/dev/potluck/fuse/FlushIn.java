package dev.potluck.fuse;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;

/// `struct fuse_flush_in`: FLUSH: a descriptor of an open file was closed, one of perhaps several.
record FlushIn(long fh, long lockOwner) {
  static final StructLayout LAYOUT =
      Abi.struct(
          "fuse_flush_in",
          Abi.u64("fh"),
          Abi.u32("unused"),
          Abi.u32("padding"),
          Abi.u64("lock_owner"));
  static final int BYTES = (int) LAYOUT.byteSize();

  private static final long FH = Abi.offset(LAYOUT, "fh");
  private static final long LOCK_OWNER = Abi.offset(LAYOUT, "lock_owner");

  static FlushIn read(MemorySegment in, long at) {
    return new FlushIn(Abi.get64(in, at + FH), Abi.get64(in, at + LOCK_OWNER));
  }
}
