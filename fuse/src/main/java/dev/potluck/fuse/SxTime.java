package dev.potluck.fuse;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;

/// `struct fuse_sx_time`: a time inside a [StatxOut].
final class SxTime {
  static final StructLayout LAYOUT =
      Abi.struct("fuse_sx_time", Abi.u64("tv_sec"), Abi.u32("tv_nsec"), Abi.u32("__reserved"));

  private static final long TV_SEC = Abi.offset(LAYOUT, "tv_sec");
  private static final long TV_NSEC = Abi.offset(LAYOUT, "tv_nsec");
  private static final long NS_PER_SECOND = 1_000_000_000L;

  private SxTime() {}

  static void write(MemorySegment out, long at, long timeNs) {
    Abi.put64(out, at + TV_SEC, Math.floorDiv(timeNs, NS_PER_SECOND));
    Abi.put32(out, at + TV_NSEC, (int) Math.floorMod(timeNs, NS_PER_SECOND));
  }
}
