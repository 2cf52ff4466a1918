package dev.potluck.fuse;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;

/// `struct fuse_mknod_in`: MKNOD; the name follows. The mode has the umask applied already.
record MknodIn(int mode, int rdev, int umask) {
  static final StructLayout LAYOUT =
      Abi.struct(
          "fuse_mknod_in", Abi.u32("mode"), Abi.u32("rdev"), Abi.u32("umask"), Abi.u32("padding"));
  static final int BYTES = (int) LAYOUT.byteSize();

  private static final long MODE = Abi.offset(LAYOUT, "mode");
  private static final long RDEV = Abi.offset(LAYOUT, "rdev");
  private static final long UMASK = Abi.offset(LAYOUT, "umask");

  static MknodIn read(MemorySegment in, long at) {
    return new MknodIn(
        Abi.get32(in, at + MODE), Abi.get32(in, at + RDEV), Abi.get32(in, at + UMASK));
  }
}
