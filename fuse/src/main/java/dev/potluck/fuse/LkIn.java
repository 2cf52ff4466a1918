package dev.potluck.fuse;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;

/// `struct fuse_lk_in`: GETLK, SETLK and SETLKW: the lock (a `struct fuse_file_lock`, here field by
/// field) of an owner; bit 0 of the flags: flock(2), not fcntl(2).
record LkIn(long fh, long owner, long start, long end, int type, int pid, int lkFlags) {
  static final StructLayout LAYOUT =
      Abi.struct(
          "fuse_lk_in",
          Abi.u64("fh"),
          Abi.u64("owner"),
          Abi.u64("start"),
          Abi.u64("end"),
          Abi.u32("type"),
          Abi.u32("pid"),
          Abi.u32("lk_flags"),
          Abi.u32("padding"));
  static final int BYTES = (int) LAYOUT.byteSize();

  private static final long FH = Abi.offset(LAYOUT, "fh");
  private static final long OWNER = Abi.offset(LAYOUT, "owner");
  private static final long START = Abi.offset(LAYOUT, "start");
  private static final long END = Abi.offset(LAYOUT, "end");
  private static final long TYPE = Abi.offset(LAYOUT, "type");
  private static final long PID = Abi.offset(LAYOUT, "pid");
  private static final long LK_FLAGS = Abi.offset(LAYOUT, "lk_flags");

  static LkIn read(MemorySegment in, long at) {
    return new LkIn(
        Abi.get64(in, at + FH),
        Abi.get64(in, at + OWNER),
        Abi.get64(in, at + START),
        Abi.get64(in, at + END),
        Abi.get32(in, at + TYPE),
        Abi.get32(in, at + PID),
        Abi.get32(in, at + LK_FLAGS));
  }
}
