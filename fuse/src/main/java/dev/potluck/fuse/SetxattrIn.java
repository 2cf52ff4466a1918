package dev.potluck.fuse;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;

/// `struct fuse_setxattr_in`: SETXATTR as the kernel sends it once `FUSE_SETXATTR_EXT` is agreed;
/// before, it ends after `flags`. The name and `size` bytes of value follow.
record SetxattrIn(int size, int flags, int setxattrFlags) {
  static final StructLayout LAYOUT =
      Abi.struct(
          "fuse_setxattr_in",
          Abi.u32("size"),
          Abi.u32("flags"),
          Abi.u32("setxattr_flags"),
          Abi.u32("padding"));
  static final int BYTES = (int) LAYOUT.byteSize();

  private static final long SIZE = Abi.offset(LAYOUT, "size");
  private static final long FLAGS = Abi.offset(LAYOUT, "flags");
  private static final long SETXATTR_FLAGS = Abi.offset(LAYOUT, "setxattr_flags");

  static SetxattrIn read(MemorySegment in, long at) {
    return new SetxattrIn(
        Abi.get32(in, at + SIZE), Abi.get32(in, at + FLAGS), Abi.get32(in, at + SETXATTR_FLAGS));
  }
}
