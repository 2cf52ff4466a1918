package dev.potluck.fuse;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;

/// `struct fuse_copy_file_range_out`: the answer to COPY_FILE_RANGE_64 (7.45).
record CopyFileRangeOut(long bytesCopied) {
  static final StructLayout LAYOUT =
      Abi.struct("fuse_copy_file_range_out", Abi.u64("bytes_copied"));
  static final int BYTES = (int) LAYOUT.byteSize();

  private static final long BYTES_COPIED = Abi.offset(LAYOUT, "bytes_copied");

  void write(MemorySegment out, long at) {
    Abi.put64(out, at + BYTES_COPIED, bytesCopied);
  }
}
