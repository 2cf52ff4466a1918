package dev.potluck.fuse;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;

/// `struct fuse_create_in`: CREATE and TMPFILE; the name follows. The mode has the umask applied
/// already.
record CreateIn(int flags, int mode, int umask, int openFlags) {
  static final StructLayout LAYOUT =
      Abi.struct(
          "fuse_create_in",
          Abi.u32("flags"),
          Abi.u32("mode"),
          Abi.u32("umask"),
          Abi.u32("open_flags"));
  static final int BYTES = (int) LAYOUT.byteSize();

  private static final long FLAGS = Abi.offset(LAYOUT, "flags");
  private static final long MODE = Abi.offset(LAYOUT, "mode");
  private static final long UMASK = Abi.offset(LAYOUT, "umask");
  private static final long OPEN_FLAGS = Abi.offset(LAYOUT, "open_flags");

  static CreateIn read(MemorySegment in, long at) {
    return new CreateIn(
        Abi.get32(in, at + FLAGS),
        Abi.get32(in, at + MODE),
        Abi.get32(in, at + UMASK),
        Abi.get32(in, at + OPEN_FLAGS));
  }
}
