package dev.potluck.fuse;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;

/// `struct fuse_getxattr_in`: GETXATTR (the name follows) and LISTXATTR: at most `size` bytes, or
/// only the size if it is 0.
record GetxattrIn(int size) {
  static final StructLayout LAYOUT =
      Abi.struct("fuse_getxattr_in", Abi.u32("size"), Abi.u32("padding"));
  static final int BYTES = (int) LAYOUT.byteSize();

  private static final long SIZE = Abi.offset(LAYOUT, "size");

  static GetxattrIn read(MemorySegment in, long at) {
    return new GetxattrIn(Abi.get32(in, at + SIZE));
  }
}
