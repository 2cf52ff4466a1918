package dev.potluck.fuse;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;

/// `struct fuse_statx_out`: the answer to STATX.
final class StatxOut {
  static final StructLayout LAYOUT =
      Abi.struct(
          "fuse_statx_out",
          Abi.u64("attr_valid"),
          Abi.u32("attr_valid_nsec"),
          Abi.u32("flags"),
          Abi.array("spare", 2, Abi.u64("spare")),
          Statx.LAYOUT.withName("stat"));
  static final int BYTES = (int) LAYOUT.byteSize();

  private static final long ATTR_VALID = Abi.offset(LAYOUT, "attr_valid");
  private static final long ATTR_VALID_NSEC = Abi.offset(LAYOUT, "attr_valid_nsec");
  private static final long STAT = Abi.offset(LAYOUT, "stat");

  private StatxOut() {}

  static void write(MemorySegment out, long at, StatWithBirth stat) {
    Abi.zero(out, at, BYTES);
    Abi.put64(out, at + ATTR_VALID, stat.valid().toSeconds());
    Abi.put32(out, at + ATTR_VALID_NSEC, stat.valid().toNanosPart());
    Statx.write(out, at + STAT, stat.attributes(), stat.birthNs());
  }
}
