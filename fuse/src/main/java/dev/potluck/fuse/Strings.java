package dev.potluck.fuse;

import java.lang.foreign.MemorySegment;

/// Answers that are bytes of the heap.
final class Strings {
  private Strings() {}

  static void answer(Request request, byte[] bytes) {
    request.answerData(MemorySegment.ofArray(bytes));
  }
}
