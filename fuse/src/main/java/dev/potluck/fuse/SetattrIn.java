package dev.potluck.fuse;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;

/// `struct fuse_setattr_in`: SETATTR: which attributes change (`valid`), and to what.
record SetattrIn(
    int valid,
    long fh,
    long size,
    long lockOwner,
    long atime,
    long mtime,
    long ctime,
    int atimensec,
    int mtimensec,
    int ctimensec,
    int mode,
    int uid,
    int gid) {
  static final StructLayout LAYOUT =
      Abi.struct(
          "fuse_setattr_in",
          Abi.u32("valid"),
          Abi.u32("padding"),
          Abi.u64("fh"),
          Abi.u64("size"),
          Abi.u64("lock_owner"),
          Abi.u64("atime"),
          Abi.u64("mtime"),
          Abi.u64("ctime"),
          Abi.u32("atimensec"),
          Abi.u32("mtimensec"),
          Abi.u32("ctimensec"),
          Abi.u32("mode"),
          Abi.u32("unused4"),
          Abi.u32("uid"),
          Abi.u32("gid"),
          Abi.u32("unused5"));
  static final int BYTES = (int) LAYOUT.byteSize();

  private static final long VALID = Abi.offset(LAYOUT, "valid");
  private static final long FH = Abi.offset(LAYOUT, "fh");
  private static final long SIZE = Abi.offset(LAYOUT, "size");
  private static final long LOCK_OWNER = Abi.offset(LAYOUT, "lock_owner");
  private static final long ATIME = Abi.offset(LAYOUT, "atime");
  private static final long MTIME = Abi.offset(LAYOUT, "mtime");
  private static final long CTIME = Abi.offset(LAYOUT, "ctime");
  private static final long ATIMENSEC = Abi.offset(LAYOUT, "atimensec");
  private static final long MTIMENSEC = Abi.offset(LAYOUT, "mtimensec");
  private static final long CTIMENSEC = Abi.offset(LAYOUT, "ctimensec");
  private static final long MODE = Abi.offset(LAYOUT, "mode");
  private static final long UID = Abi.offset(LAYOUT, "uid");
  private static final long GID = Abi.offset(LAYOUT, "gid");

  static SetattrIn read(MemorySegment in, long at) {
    return new SetattrIn(
        Abi.get32(in, at + VALID),
        Abi.get64(in, at + FH),
        Abi.get64(in, at + SIZE),
        Abi.get64(in, at + LOCK_OWNER),
        Abi.get64(in, at + ATIME),
        Abi.get64(in, at + MTIME),
        Abi.get64(in, at + CTIME),
        Abi.get32(in, at + ATIMENSEC),
        Abi.get32(in, at + MTIMENSEC),
        Abi.get32(in, at + CTIMENSEC),
        Abi.get32(in, at + MODE),
        Abi.get32(in, at + UID),
        Abi.get32(in, at + GID));
  }
}
