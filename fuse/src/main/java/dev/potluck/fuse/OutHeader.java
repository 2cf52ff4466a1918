package dev.potluck.fuse;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;

/// `struct fuse_out_header`: what precedes every answer: its length, 0 or a negative errno, and the
/// number of the request. A notification has the number 0 and its code in `error`.
record OutHeader(int len, int error, long unique) {
  static final StructLayout LAYOUT =
      Abi.struct("fuse_out_header", Abi.u32("len"), Abi.u32("error"), Abi.u64("unique"));
  static final int BYTES = (int) LAYOUT.byteSize();

  private static final long LEN = Abi.offset(LAYOUT, "len");
  private static final long ERROR = Abi.offset(LAYOUT, "error");
  private static final long UNIQUE = Abi.offset(LAYOUT, "unique");

  void write(MemorySegment out, long at) {
    Abi.put32(out, at + LEN, len);
    Abi.put32(out, at + ERROR, error);
    Abi.put64(out, at + UNIQUE, unique);
  }
}
