package dev.potluck.fuse;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;

/// `struct fuse_mkdir_in`: MKDIR; the name follows. The mode has the umask applied already.
record MkdirIn(int mode, int umask) {
  static final StructLayout LAYOUT = Abi.struct("fuse_mkdir_in", Abi.u32("mode"), Abi.u32("umask"));
  static final int BYTES = (int) LAYOUT.byteSize();

  private static final long MODE = Abi.offset(LAYOUT, "mode");
  private static final long UMASK = Abi.offset(LAYOUT, "umask");

  static MkdirIn read(MemorySegment in, long at) {
    return new MkdirIn(Abi.get32(in, at + MODE), Abi.get32(in, at + UMASK));
  }
}
