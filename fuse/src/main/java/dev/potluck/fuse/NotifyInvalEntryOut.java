package dev.potluck.fuse;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;

/// `struct fuse_notify_inval_entry_out`: `FUSE_NOTIFY_INVAL_ENTRY`: a name in a directory is stale;
/// the name and a NUL follow. Bit 0 of the flags: expire it instead of dropping it.
record NotifyInvalEntryOut(long parent, int namelen, int flags) {
  static final StructLayout LAYOUT =
      Abi.struct(
          "fuse_notify_inval_entry_out", Abi.u64("parent"), Abi.u32("namelen"), Abi.u32("flags"));
  static final int BYTES = (int) LAYOUT.byteSize();

  private static final long PARENT = Abi.offset(LAYOUT, "parent");
  private static final long NAMELEN = Abi.offset(LAYOUT, "namelen");
  private static final long FLAGS = Abi.offset(LAYOUT, "flags");

  void write(MemorySegment out, long at) {
    Abi.put64(out, at + PARENT, parent);
    Abi.put32(out, at + NAMELEN, namelen);
    Abi.put32(out, at + FLAGS, flags);
  }
}
