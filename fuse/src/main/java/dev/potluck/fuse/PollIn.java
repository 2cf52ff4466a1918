package dev.potluck.fuse;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;

/// `struct fuse_poll_in`: POLL.
record PollIn(long fh, long kh, int flags, int events) {
  static final StructLayout LAYOUT =
      Abi.struct("fuse_poll_in", Abi.u64("fh"), Abi.u64("kh"), Abi.u32("flags"), Abi.u32("events"));
  static final int BYTES = (int) LAYOUT.byteSize();

  private static final long FH = Abi.offset(LAYOUT, "fh");
  private static final long KH = Abi.offset(LAYOUT, "kh");
  private static final long FLAGS = Abi.offset(LAYOUT, "flags");
  private static final long EVENTS = Abi.offset(LAYOUT, "events");

  static PollIn read(MemorySegment in, long at) {
    return new PollIn(
        Abi.get64(in, at + FH),
        Abi.get64(in, at + KH),
        Abi.get32(in, at + FLAGS),
        Abi.get32(in, at + EVENTS));
  }
}
