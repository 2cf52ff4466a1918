package dev.potluck.fuse;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_INT_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.lang.foreign.ValueLayout.JAVA_LONG_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;
import static java.lang.foreign.ValueLayout.JAVA_SHORT_UNALIGNED;

import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemoryLayout.PathElement;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;

/// How the structures of the kernel's header are written down here, and how their fields are read
/// and written: in the machine's byte order, at any alignment, since names of any length come
/// before some of them.
final class Abi {
  private Abi() {}

  /// A structure as a C compiler lays it out; the header leaves no gaps, so that a gap here is an
  /// error and fails at once.
  static StructLayout struct(String name, MemoryLayout... members) {
    return MemoryLayout.structLayout(members).withName(name);
  }

  static MemoryLayout u64(String name) {
    return JAVA_LONG.withName(name);
  }

  static MemoryLayout u32(String name) {
    return JAVA_INT.withName(name);
  }

  static MemoryLayout u16(String name) {
    return JAVA_SHORT.withName(name);
  }

  static MemoryLayout array(String name, int count, MemoryLayout element) {
    return MemoryLayout.sequenceLayout(count, element).withName(name);
  }

  /// The distance in bytes of a field from the beginning of its structure.
  static long offset(StructLayout layout, String field) {
    return layout.byteOffset(PathElement.groupElement(field));
  }

  static long get64(MemorySegment segment, long at) {
    return segment.get(JAVA_LONG_UNALIGNED, at);
  }

  static int get32(MemorySegment segment, long at) {
    return segment.get(JAVA_INT_UNALIGNED, at);
  }

  static short get16(MemorySegment segment, long at) {
    return segment.get(JAVA_SHORT_UNALIGNED, at);
  }

  static void put64(MemorySegment segment, long at, long value) {
    segment.set(JAVA_LONG_UNALIGNED, at, value);
  }

  static void put32(MemorySegment segment, long at, int value) {
    segment.set(JAVA_INT_UNALIGNED, at, value);
  }

  static void put16(MemorySegment segment, long at, short value) {
    segment.set(JAVA_SHORT_UNALIGNED, at, value);
  }

  static void zero(MemorySegment segment, long at, long bytes) {
    segment.asSlice(at, bytes).fill((byte) 0);
  }
}
