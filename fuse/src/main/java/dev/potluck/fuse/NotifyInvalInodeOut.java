package dev.potluck.fuse;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;

/// `struct fuse_notify_inval_inode_out`: `FUSE_NOTIFY_INVAL_INODE`: attributes, and data from `off`
/// on, are stale; `off` below 0: attributes alone; `len` 0: to the end.
record NotifyInvalInodeOut(long ino, long off, long len) {
  static final StructLayout LAYOUT =
      Abi.struct("fuse_notify_inval_inode_out", Abi.u64("ino"), Abi.u64("off"), Abi.u64("len"));
  static final int BYTES = (int) LAYOUT.byteSize();

  private static final long INO = Abi.offset(LAYOUT, "ino");
  private static final long OFF = Abi.offset(LAYOUT, "off");
  private static final long LEN = Abi.offset(LAYOUT, "len");

  void write(MemorySegment out, long at) {
    Abi.put64(out, at + INO, ino);
    Abi.put64(out, at + OFF, off);
    Abi.put64(out, at + LEN, len);
  }
}
