package dev.potluck.fuse;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;

/// `struct fuse_notify_store_out`: `FUSE_NOTIFY_STORE`: data for the page cache; `size` bytes
/// follow.
record NotifyStoreOut(long nodeid, long offset, int size) {
  static final StructLayout LAYOUT =
      Abi.struct(
          "fuse_notify_store_out",
          Abi.u64("nodeid"),
          Abi.u64("offset"),
          Abi.u32("size"),
          Abi.u32("padding"));
  static final int BYTES = (int) LAYOUT.byteSize();

  private static final long NODEID = Abi.offset(LAYOUT, "nodeid");
  private static final long OFFSET = Abi.offset(LAYOUT, "offset");
  private static final long SIZE = Abi.offset(LAYOUT, "size");
  private static final long PADDING = Abi.offset(LAYOUT, "padding");

  void write(MemorySegment out, long at) {
    Abi.put64(out, at + NODEID, nodeid);
    Abi.put64(out, at + OFFSET, offset);
    Abi.put32(out, at + SIZE, size);
    Abi.put32(out, at + PADDING, 0);
  }
}
