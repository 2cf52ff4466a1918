package dev.potluck.fuse;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;

/// `struct fuse_rename2_in`: RENAME2; the old and the new name follow. Flags: `RENAME_NOREPLACE`,
/// `RENAME_EXCHANGE`, `RENAME_WHITEOUT`.
record Rename2In(long newdir, int flags) {
  static final StructLayout LAYOUT =
      Abi.struct("fuse_rename2_in", Abi.u64("newdir"), Abi.u32("flags"), Abi.u32("padding"));
  static final int BYTES = (int) LAYOUT.byteSize();

  private static final long NEWDIR = Abi.offset(LAYOUT, "newdir");
  private static final long FLAGS = Abi.offset(LAYOUT, "flags");

  static Rename2In read(MemorySegment in, long at) {
    return new Rename2In(Abi.get64(in, at + NEWDIR), Abi.get32(in, at + FLAGS));
  }
}
