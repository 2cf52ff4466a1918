package dev.potluck.fuse;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;

/// `struct fuse_notify_delete_out`: `FUSE_NOTIFY_DELETE`: a name is gone, if it still leads to
/// `child`; the name and a NUL follow.
record NotifyDeleteOut(long parent, long child, int namelen) {
  static final StructLayout LAYOUT =
      Abi.struct(
          "fuse_notify_delete_out",
          Abi.u64("parent"),
          Abi.u64("child"),
          Abi.u32("namelen"),
          Abi.u32("padding"));
  static final int BYTES = (int) LAYOUT.byteSize();

  private static final long PARENT = Abi.offset(LAYOUT, "parent");
  private static final long CHILD = Abi.offset(LAYOUT, "child");
  private static final long NAMELEN = Abi.offset(LAYOUT, "namelen");
  private static final long PADDING = Abi.offset(LAYOUT, "padding");

  void write(MemorySegment out, long at) {
    Abi.put64(out, at + PARENT, parent);
    Abi.put64(out, at + CHILD, child);
    Abi.put32(out, at + NAMELEN, namelen);
    Abi.put32(out, at + PADDING, 0);
  }
}
