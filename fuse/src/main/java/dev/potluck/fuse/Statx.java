package dev.potluck.fuse;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;

/// `struct fuse_statx`: attributes with the time of birth, inside a [StatxOut].
final class Statx {
  static final StructLayout LAYOUT =
      Abi.struct(
          "fuse_statx",
          Abi.u32("mask"),
          Abi.u32("blksize"),
          Abi.u64("attributes"),
          Abi.u32("nlink"),
          Abi.u32("uid"),
          Abi.u32("gid"),
          Abi.u16("mode"),
          Abi.array("__spare0", 1, Abi.u16("__spare0")),
          Abi.u64("ino"),
          Abi.u64("size"),
          Abi.u64("blocks"),
          Abi.u64("attributes_mask"),
          SxTime.LAYOUT.withName("atime"),
          SxTime.LAYOUT.withName("btime"),
          SxTime.LAYOUT.withName("ctime"),
          SxTime.LAYOUT.withName("mtime"),
          Abi.u32("rdev_major"),
          Abi.u32("rdev_minor"),
          Abi.u32("dev_major"),
          Abi.u32("dev_minor"),
          Abi.array("__spare2", 14, Abi.u64("__spare2")));
  static final int BYTES = (int) LAYOUT.byteSize();

  /// `STATX_BASIC_STATS | STATX_BTIME`: which fields are set.
  private static final int SET = 0x7ff | 0x800;

  private static final long MASK = Abi.offset(LAYOUT, "mask");
  private static final long BLKSIZE = Abi.offset(LAYOUT, "blksize");
  private static final long NLINK = Abi.offset(LAYOUT, "nlink");
  private static final long UID = Abi.offset(LAYOUT, "uid");
  private static final long GID = Abi.offset(LAYOUT, "gid");
  private static final long MODE = Abi.offset(LAYOUT, "mode");
  private static final long INO = Abi.offset(LAYOUT, "ino");
  private static final long SIZE = Abi.offset(LAYOUT, "size");
  private static final long BLOCKS = Abi.offset(LAYOUT, "blocks");
  private static final long ATIME = Abi.offset(LAYOUT, "atime");
  private static final long BTIME = Abi.offset(LAYOUT, "btime");
  private static final long CTIME = Abi.offset(LAYOUT, "ctime");
  private static final long MTIME = Abi.offset(LAYOUT, "mtime");
  private static final long RDEV_MAJOR = Abi.offset(LAYOUT, "rdev_major");
  private static final long RDEV_MINOR = Abi.offset(LAYOUT, "rdev_minor");

  private Statx() {}

  static void write(MemorySegment out, long at, Attributes attributes, long birthNs) {
    Abi.zero(out, at, BYTES);
    Abi.put32(out, at + MASK, SET);
    Abi.put32(out, at + BLKSIZE, attributes.blksize());
    Abi.put32(out, at + NLINK, attributes.nlink());
    Abi.put32(out, at + UID, attributes.uid());
    Abi.put32(out, at + GID, attributes.gid());
    Abi.put16(out, at + MODE, (short) attributes.mode());
    Abi.put64(out, at + INO, attributes.ino());
    Abi.put64(out, at + SIZE, attributes.size());
    Abi.put64(out, at + BLOCKS, attributes.blocks());
    SxTime.write(out, at + ATIME, attributes.atimeNs());
    SxTime.write(out, at + BTIME, birthNs);
    SxTime.write(out, at + CTIME, attributes.ctimeNs());
    SxTime.write(out, at + MTIME, attributes.mtimeNs());
    // new_encode_dev(): twelve bits of major between the low and the high bits of minor.
    int device = attributes.rdev();
    Abi.put32(out, at + RDEV_MAJOR, (device >>> 8) & 0xfff);
    Abi.put32(out, at + RDEV_MINOR, (device & 0xff) | ((device >>> 12) & 0xfff00));
  }
}
