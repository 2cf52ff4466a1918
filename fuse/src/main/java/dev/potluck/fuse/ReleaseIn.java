package dev.potluck.fuse;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;

/// `struct fuse_release_in`: RELEASE and RELEASEDIR: the last descriptor of an open file is gone.
record ReleaseIn(long fh, int flags, int releaseFlags, long lockOwner) {
  static final StructLayout LAYOUT =
      Abi.struct(
          "fuse_release_in",
          Abi.u64("fh"),
          Abi.u32("flags"),
          Abi.u32("release_flags"),
          Abi.u64("lock_owner"));
  static final int BYTES = (int) LAYOUT.byteSize();

  private static final long FH = Abi.offset(LAYOUT, "fh");
  private static final long FLAGS = Abi.offset(LAYOUT, "flags");
  private static final long RELEASE_FLAGS = Abi.offset(LAYOUT, "release_flags");
  private static final long LOCK_OWNER = Abi.offset(LAYOUT, "lock_owner");

  static ReleaseIn read(MemorySegment in, long at) {
    return new ReleaseIn(
        Abi.get64(in, at + FH),
        Abi.get32(in, at + FLAGS),
        Abi.get32(in, at + RELEASE_FLAGS),
        Abi.get64(in, at + LOCK_OWNER));
  }
}
