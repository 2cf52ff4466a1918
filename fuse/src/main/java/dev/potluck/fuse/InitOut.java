package dev.potluck.fuse;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;

/// `struct fuse_init_out`: the answer to INIT: what was agreed.
record InitOut(
    int major,
    int minor,
    int maxReadahead,
    int flags,
    short maxBackground,
    short congestionThreshold,
    int maxWrite,
    int timeGran,
    short maxPages,
    short mapAlignment,
    int flags2,
    int maxStackDepth,
    short requestTimeout) {
  static final StructLayout LAYOUT =
      Abi.struct(
          "fuse_init_out",
          Abi.u32("major"),
          Abi.u32("minor"),
          Abi.u32("max_readahead"),
          Abi.u32("flags"),
          Abi.u16("max_background"),
          Abi.u16("congestion_threshold"),
          Abi.u32("max_write"),
          Abi.u32("time_gran"),
          Abi.u16("max_pages"),
          Abi.u16("map_alignment"),
          Abi.u32("flags2"),
          Abi.u32("max_stack_depth"),
          Abi.u16("request_timeout"),
          Abi.array("unused", 11, Abi.u16("unused")));
  static final int BYTES = (int) LAYOUT.byteSize();

  private static final long MAJOR = Abi.offset(LAYOUT, "major");
  private static final long MINOR = Abi.offset(LAYOUT, "minor");
  private static final long MAX_READAHEAD = Abi.offset(LAYOUT, "max_readahead");
  private static final long FLAGS = Abi.offset(LAYOUT, "flags");
  private static final long MAX_BACKGROUND = Abi.offset(LAYOUT, "max_background");
  private static final long CONGESTION_THRESHOLD = Abi.offset(LAYOUT, "congestion_threshold");
  private static final long MAX_WRITE = Abi.offset(LAYOUT, "max_write");
  private static final long TIME_GRAN = Abi.offset(LAYOUT, "time_gran");
  private static final long MAX_PAGES = Abi.offset(LAYOUT, "max_pages");
  private static final long MAP_ALIGNMENT = Abi.offset(LAYOUT, "map_alignment");
  private static final long FLAGS2 = Abi.offset(LAYOUT, "flags2");
  private static final long MAX_STACK_DEPTH = Abi.offset(LAYOUT, "max_stack_depth");
  private static final long REQUEST_TIMEOUT = Abi.offset(LAYOUT, "request_timeout");
  private static final long UNUSED = Abi.offset(LAYOUT, "unused");

  void write(MemorySegment out, long at) {
    Abi.put32(out, at + MAJOR, major);
    Abi.put32(out, at + MINOR, minor);
    Abi.put32(out, at + MAX_READAHEAD, maxReadahead);
    Abi.put32(out, at + FLAGS, flags);
    Abi.put16(out, at + MAX_BACKGROUND, maxBackground);
    Abi.put16(out, at + CONGESTION_THRESHOLD, congestionThreshold);
    Abi.put32(out, at + MAX_WRITE, maxWrite);
    Abi.put32(out, at + TIME_GRAN, timeGran);
    Abi.put16(out, at + MAX_PAGES, maxPages);
    Abi.put16(out, at + MAP_ALIGNMENT, mapAlignment);
    Abi.put32(out, at + FLAGS2, flags2);
    Abi.put32(out, at + MAX_STACK_DEPTH, maxStackDepth);
    Abi.put16(out, at + REQUEST_TIMEOUT, requestTimeout);
    Abi.zero(out, at + UNUSED, 22);
  }
}
