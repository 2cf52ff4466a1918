package dev.potluck.fuse;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;

/// `struct fuse_rename_in`: RENAME; the old and the new name follow.
record RenameIn(long newdir) {
  static final StructLayout LAYOUT = Abi.struct("fuse_rename_in", Abi.u64("newdir"));
  static final int BYTES = (int) LAYOUT.byteSize();

  private static final long NEWDIR = Abi.offset(LAYOUT, "newdir");

  static RenameIn read(MemorySegment in, long at) {
    return new RenameIn(Abi.get64(in, at + NEWDIR));
  }
}
