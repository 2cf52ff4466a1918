package dev.potluck.fuse;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;

/// `struct fuse_direntplus`: one entry of an answer to READDIRPLUS: what LOOKUP would say, and the
/// entry.
final class Direntplus {
  static final StructLayout LAYOUT =
      Abi.struct("fuse_direntplus", EntryOut.LAYOUT.withName("entry_out"), Dirent.member());

  private static final long ENTRY_OUT = Abi.offset(LAYOUT, "entry_out");
  private static final long DIRENT = Abi.offset(LAYOUT, "dirent");

  private Direntplus() {}

  static void write(MemorySegment out, long at, Entry entry, long next, byte[] name) {
    EntryOut.write(out, at + ENTRY_OUT, entry);
    Attributes attributes = entry.attributes();
    Dirent.write(out, at + DIRENT, attributes.ino(), next, attributes.type(), name);
  }

  /// An entry that the kernel is not to look up: "." and "..".
  static void writeBare(MemorySegment out, long at, long ino, long next, int type, byte[] name) {
    Abi.zero(out, at + ENTRY_OUT, EntryOut.BYTES);
    Dirent.write(out, at + DIRENT, ino, next, type, name);
  }

  /// What an entry takes, its name and filling with it (`FUSE_DIRENTPLUS_SIZE`).
  static long bytes(int nameBytes) {
    return EntryOut.BYTES + Dirent.bytes(nameBytes);
  }

  /// The node of an entry that was written; 0: not to be looked up.
  static long node(MemorySegment out, long at) {
    return EntryOut.node(out, at + ENTRY_OUT);
  }

  /// What an entry that was written takes.
  static long bytesAt(MemorySegment out, long at) {
    return bytes(Dirent.nameBytes(out, at + DIRENT));
  }
}
