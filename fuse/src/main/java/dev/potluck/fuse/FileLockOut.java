package dev.potluck.fuse;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;

/// `struct fuse_file_lock`: a lock: its first and its last byte, `F_RDLCK`, `F_WRLCK` or `F_UNLCK`,
/// and the process. The answer to GETLK (`struct fuse_lk_out`) is this and nothing else.
record FileLockOut(long start, long end, int type, int pid) {
  static final StructLayout LAYOUT =
      Abi.struct(
          "fuse_file_lock", Abi.u64("start"), Abi.u64("end"), Abi.u32("type"), Abi.u32("pid"));
  static final int BYTES = (int) LAYOUT.byteSize();

  private static final long START = Abi.offset(LAYOUT, "start");
  private static final long END = Abi.offset(LAYOUT, "end");
  private static final long TYPE = Abi.offset(LAYOUT, "type");
  private static final long PID = Abi.offset(LAYOUT, "pid");

  void write(MemorySegment out, long at) {
    Abi.put64(out, at + START, start);
    Abi.put64(out, at + END, end);
    Abi.put32(out, at + TYPE, type);
    Abi.put32(out, at + PID, pid);
  }
}
