package dev.potluck.fuse;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;

/// `struct fuse_copy_file_range_in`: COPY_FILE_RANGE and COPY_FILE_RANGE_64: from the header's node
/// to another.
record CopyFileRangeIn(
    long fhIn, long offIn, long nodeidOut, long fhOut, long offOut, long len, long flags) {
  static final StructLayout LAYOUT =
      Abi.struct(
          "fuse_copy_file_range_in",
          Abi.u64("fh_in"),
          Abi.u64("off_in"),
          Abi.u64("nodeid_out"),
          Abi.u64("fh_out"),
          Abi.u64("off_out"),
          Abi.u64("len"),
          Abi.u64("flags"));
  static final int BYTES = (int) LAYOUT.byteSize();

  private static final long FH_IN = Abi.offset(LAYOUT, "fh_in");
  private static final long OFF_IN = Abi.offset(LAYOUT, "off_in");
  private static final long NODEID_OUT = Abi.offset(LAYOUT, "nodeid_out");
  private static final long FH_OUT = Abi.offset(LAYOUT, "fh_out");
  private static final long OFF_OUT = Abi.offset(LAYOUT, "off_out");
  private static final long LEN = Abi.offset(LAYOUT, "len");
  private static final long FLAGS = Abi.offset(LAYOUT, "flags");

  static CopyFileRangeIn read(MemorySegment in, long at) {
    return new CopyFileRangeIn(
        Abi.get64(in, at + FH_IN),
        Abi.get64(in, at + OFF_IN),
        Abi.get64(in, at + NODEID_OUT),
        Abi.get64(in, at + FH_OUT),
        Abi.get64(in, at + OFF_OUT),
        Abi.get64(in, at + LEN),
        Abi.get64(in, at + FLAGS));
  }
}
