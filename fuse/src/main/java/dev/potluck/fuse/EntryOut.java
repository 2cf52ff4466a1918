package dev.potluck.fuse;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;

/// `struct fuse_entry_out`: the answer to LOOKUP and to everything that makes a name.
final class EntryOut {
  static final StructLayout LAYOUT =
      Abi.struct(
          "fuse_entry_out",
          Abi.u64("nodeid"),
          Abi.u64("generation"),
          Abi.u64("entry_valid"),
          Abi.u64("attr_valid"),
          Abi.u32("entry_valid_nsec"),
          Abi.u32("attr_valid_nsec"),
          Attr.LAYOUT.withName("attr"));
  static final int BYTES = (int) LAYOUT.byteSize();

  private static final long NODEID = Abi.offset(LAYOUT, "nodeid");
  private static final long GENERATION = Abi.offset(LAYOUT, "generation");
  private static final long ENTRY_VALID = Abi.offset(LAYOUT, "entry_valid");
  private static final long ATTR_VALID = Abi.offset(LAYOUT, "attr_valid");
  private static final long ENTRY_VALID_NSEC = Abi.offset(LAYOUT, "entry_valid_nsec");
  private static final long ATTR_VALID_NSEC = Abi.offset(LAYOUT, "attr_valid_nsec");
  private static final long ATTR = Abi.offset(LAYOUT, "attr");

  private EntryOut() {}

  static void write(MemorySegment out, long at, Entry entry) {
    Abi.put64(out, at + NODEID, entry.node());
    Abi.put64(out, at + GENERATION, entry.generation());
    Abi.put64(out, at + ENTRY_VALID, entry.entryValid().toSeconds());
    Abi.put64(out, at + ATTR_VALID, entry.attributesValid().toSeconds());
    Abi.put32(out, at + ENTRY_VALID_NSEC, entry.entryValid().toNanosPart());
    Abi.put32(out, at + ATTR_VALID_NSEC, entry.attributesValid().toNanosPart());
    Attr.write(out, at + ATTR, entry.attributes());
  }

  static long node(MemorySegment out, long at) {
    return Abi.get64(out, at + NODEID);
  }
}
