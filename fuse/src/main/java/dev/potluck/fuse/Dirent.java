package dev.potluck.fuse;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;

/// `struct fuse_dirent`: one entry of an answer to READDIR. The name follows, without a NUL, filled
/// up to a multiple of 8 bytes.
final class Dirent {
  static final StructLayout LAYOUT =
      Abi.struct(
          "fuse_dirent", Abi.u64("ino"), Abi.u64("off"), Abi.u32("namelen"), Abi.u32("type"));
  static final int BYTES = (int) LAYOUT.byteSize();

  private static final long INO = Abi.offset(LAYOUT, "ino");
  private static final long OFF = Abi.offset(LAYOUT, "off");
  private static final long NAMELEN = Abi.offset(LAYOUT, "namelen");
  private static final long TYPE = Abi.offset(LAYOUT, "type");

  private Dirent() {}

  /// @param next the offset at which the entry after this one is asked for
  /// @param type the file type bits of the mode, as `DT_` (mode >> 12)
  static void write(MemorySegment out, long at, long ino, long next, int type, byte[] name) {
    Abi.put64(out, at + INO, ino);
    Abi.put64(out, at + OFF, next);
    Abi.put32(out, at + NAMELEN, name.length);
    Abi.put32(out, at + TYPE, type);
    MemorySegment.copy(name, 0, out, JAVA_BYTE, at + BYTES, name.length);
    long padding = bytes(name.length) - BYTES - name.length;
    for (long i = 0; i < padding; i++) {
      out.set(JAVA_BYTE, at + BYTES + name.length + i, (byte) 0);
    }
  }

  /// What an entry takes, its name and filling with it (`FUSE_DIRENT_SIZE`).
  static long bytes(int nameBytes) {
    return (BYTES + nameBytes + 7L) & ~7L;
  }

  /// The layout as the member of another structure.
  static MemoryLayout member() {
    return LAYOUT.withName("dirent");
  }

  static int nameBytes(MemorySegment out, long at) {
    return Abi.get32(out, at + NAMELEN);
  }
}
