package dev.potluck.fuse;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;

/// `struct fuse_getxattr_out`: the answer to a GETXATTR or LISTXATTR that asked only for the size.
record GetxattrOut(int size) {
  static final StructLayout LAYOUT =
      Abi.struct("fuse_getxattr_out", Abi.u32("size"), Abi.u32("padding"));
  static final int BYTES = (int) LAYOUT.byteSize();

  private static final long SIZE = Abi.offset(LAYOUT, "size");
  private static final long PADDING = Abi.offset(LAYOUT, "padding");

  void write(MemorySegment out, long at) {
    Abi.put32(out, at + SIZE, size);
    Abi.put32(out, at + PADDING, 0);
  }
}
