package dev.potluck.fuse;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;

/// `struct fuse_attr`: the attributes of a node, inside the answers that carry them.
final class Attr {
  static final StructLayout LAYOUT =
      Abi.struct(
          "fuse_attr",
          Abi.u64("ino"),
          Abi.u64("size"),
          Abi.u64("blocks"),
          Abi.u64("atime"),
          Abi.u64("mtime"),
          Abi.u64("ctime"),
          Abi.u32("atimensec"),
          Abi.u32("mtimensec"),
          Abi.u32("ctimensec"),
          Abi.u32("mode"),
          Abi.u32("nlink"),
          Abi.u32("uid"),
          Abi.u32("gid"),
          Abi.u32("rdev"),
          Abi.u32("blksize"),
          Abi.u32("flags"));
  static final int BYTES = (int) LAYOUT.byteSize();

  private static final long INO = Abi.offset(LAYOUT, "ino");
  private static final long SIZE = Abi.offset(LAYOUT, "size");
  private static final long BLOCKS = Abi.offset(LAYOUT, "blocks");
  private static final long ATIME = Abi.offset(LAYOUT, "atime");
  private static final long MTIME = Abi.offset(LAYOUT, "mtime");
  private static final long CTIME = Abi.offset(LAYOUT, "ctime");
  private static final long ATIMENSEC = Abi.offset(LAYOUT, "atimensec");
  private static final long MTIMENSEC = Abi.offset(LAYOUT, "mtimensec");
  private static final long CTIMENSEC = Abi.offset(LAYOUT, "ctimensec");
  private static final long MODE = Abi.offset(LAYOUT, "mode");
  private static final long NLINK = Abi.offset(LAYOUT, "nlink");
  private static final long UID = Abi.offset(LAYOUT, "uid");
  private static final long GID = Abi.offset(LAYOUT, "gid");
  private static final long RDEV = Abi.offset(LAYOUT, "rdev");
  private static final long BLKSIZE = Abi.offset(LAYOUT, "blksize");
  private static final long FLAGS = Abi.offset(LAYOUT, "flags");

  private static final long NS_PER_SECOND = 1_000_000_000L;

  private Attr() {}

  static void write(MemorySegment out, long at, Attributes attributes) {
    Abi.put64(out, at + INO, attributes.ino());
    Abi.put64(out, at + SIZE, attributes.size());
    Abi.put64(out, at + BLOCKS, attributes.blocks());
    time(out, at + ATIME, at + ATIMENSEC, attributes.atimeNs());
    time(out, at + MTIME, at + MTIMENSEC, attributes.mtimeNs());
    time(out, at + CTIME, at + CTIMENSEC, attributes.ctimeNs());
    Abi.put32(out, at + MODE, attributes.mode());
    Abi.put32(out, at + NLINK, attributes.nlink());
    Abi.put32(out, at + UID, attributes.uid());
    Abi.put32(out, at + GID, attributes.gid());
    Abi.put32(out, at + RDEV, attributes.rdev());
    Abi.put32(out, at + BLKSIZE, attributes.blksize());
    Abi.put32(out, at + FLAGS, 0);
  }

  /// Splits a time into seconds and nanoseconds; before 1970 the nanoseconds still count upward.
  private static void time(MemorySegment out, long secondsAt, long nanosecondsAt, long timeNs) {
    Abi.put64(out, secondsAt, Math.floorDiv(timeNs, NS_PER_SECOND));
    Abi.put32(out, nanosecondsAt, (int) Math.floorMod(timeNs, NS_PER_SECOND));
  }
}
