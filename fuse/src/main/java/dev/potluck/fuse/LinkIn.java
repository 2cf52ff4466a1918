package dev.potluck.fuse;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;

/// `struct fuse_link_in`: LINK; the new name follows, in the directory that is the node of the
/// header.
record LinkIn(long oldnodeid) {
  static final StructLayout LAYOUT = Abi.struct("fuse_link_in", Abi.u64("oldnodeid"));
  static final int BYTES = (int) LAYOUT.byteSize();

  private static final long OLDNODEID = Abi.offset(LAYOUT, "oldnodeid");

  static LinkIn read(MemorySegment in, long at) {
    return new LinkIn(Abi.get64(in, at + OLDNODEID));
  }
}
