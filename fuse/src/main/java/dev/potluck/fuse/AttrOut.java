package dev.potluck.fuse;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.time.Duration;

/// `struct fuse_attr_out`: the answer to GETATTR and SETATTR.
final class AttrOut {
  static final StructLayout LAYOUT =
      Abi.struct(
          "fuse_attr_out",
          Abi.u64("attr_valid"),
          Abi.u32("attr_valid_nsec"),
          Abi.u32("dummy"),
          Attr.LAYOUT.withName("attr"));
  static final int BYTES = (int) LAYOUT.byteSize();

  private static final long ATTR_VALID = Abi.offset(LAYOUT, "attr_valid");
  private static final long ATTR_VALID_NSEC = Abi.offset(LAYOUT, "attr_valid_nsec");
  private static final long DUMMY = Abi.offset(LAYOUT, "dummy");
  private static final long ATTR = Abi.offset(LAYOUT, "attr");

  private AttrOut() {}

  static void write(MemorySegment out, long at, Attributes attributes, Duration valid) {
    Abi.put64(out, at + ATTR_VALID, valid.toSeconds());
    Abi.put32(out, at + ATTR_VALID_NSEC, valid.toNanosPart());
    Abi.put32(out, at + DUMMY, 0);
    Attr.write(out, at + ATTR, attributes);
  }
}
