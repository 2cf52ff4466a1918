package dev.potluck.fuse;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;

/// `struct fuse_in_header`: what precedes every request: its length and operation, its number, its
/// node, who asks.
record InHeader(
    int len, int opcode, long unique, long nodeid, int uid, int gid, int pid, short totalExtlen) {
  static final StructLayout LAYOUT =
      Abi.struct(
          "fuse_in_header",
          Abi.u32("len"),
          Abi.u32("opcode"),
          Abi.u64("unique"),
          Abi.u64("nodeid"),
          Abi.u32("uid"),
          Abi.u32("gid"),
          Abi.u32("pid"),
          Abi.u16("total_extlen"),
          Abi.u16("padding"));
  static final int BYTES = (int) LAYOUT.byteSize();

  private static final long LEN = Abi.offset(LAYOUT, "len");
  private static final long OPCODE = Abi.offset(LAYOUT, "opcode");
  private static final long UNIQUE = Abi.offset(LAYOUT, "unique");
  private static final long NODEID = Abi.offset(LAYOUT, "nodeid");
  private static final long UID = Abi.offset(LAYOUT, "uid");
  private static final long GID = Abi.offset(LAYOUT, "gid");
  private static final long PID = Abi.offset(LAYOUT, "pid");
  private static final long TOTAL_EXTLEN = Abi.offset(LAYOUT, "total_extlen");

  static InHeader read(MemorySegment in, long at) {
    return new InHeader(
        Abi.get32(in, at + LEN),
        Abi.get32(in, at + OPCODE),
        Abi.get64(in, at + UNIQUE),
        Abi.get64(in, at + NODEID),
        Abi.get32(in, at + UID),
        Abi.get32(in, at + GID),
        Abi.get32(in, at + PID),
        Abi.get16(in, at + TOTAL_EXTLEN));
  }
}
