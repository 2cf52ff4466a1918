package dev.potluck.fuse;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;

/// `struct fuse_poll_out`: the answer to POLL.
record PollOut(int revents) {
  static final StructLayout LAYOUT =
      Abi.struct("fuse_poll_out", Abi.u32("revents"), Abi.u32("padding"));
  static final int BYTES = (int) LAYOUT.byteSize();

  private static final long REVENTS = Abi.offset(LAYOUT, "revents");
  private static final long PADDING = Abi.offset(LAYOUT, "padding");

  void write(MemorySegment out, long at) {
    Abi.put32(out, at + REVENTS, revents);
    Abi.put32(out, at + PADDING, 0);
  }
}
