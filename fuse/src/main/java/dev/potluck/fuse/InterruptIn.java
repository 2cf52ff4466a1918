package dev.potluck.fuse;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;

/// `struct fuse_interrupt_in`: INTERRUPT: the number of the request whose caller got a signal.
record InterruptIn(long unique) {
  static final StructLayout LAYOUT = Abi.struct("fuse_interrupt_in", Abi.u64("unique"));
  static final int BYTES = (int) LAYOUT.byteSize();

  private static final long UNIQUE = Abi.offset(LAYOUT, "unique");

  static InterruptIn read(MemorySegment in, long at) {
    return new InterruptIn(Abi.get64(in, at + UNIQUE));
  }
}
