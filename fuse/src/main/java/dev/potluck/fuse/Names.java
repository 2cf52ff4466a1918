package dev.potluck.fuse;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/// The strings behind the structure of a request, each ended by a NUL, one after the other.
final class Names {
  private static final char REPLACEMENT = '\ufffd';

  private final MemorySegment in;
  private long at;

  Names(MemorySegment in, long at) {
    this.in = in;
    this.at = at;
  }

  /// The next string.
  ///
  /// @throws ErrnoException EILSEQ if it is not UTF-8: decoded by force, two names could become one
  String next() throws ErrnoException {
    byte[] bytes = nextBytes();
    String name = new String(bytes, StandardCharsets.UTF_8);
    if (name.indexOf(REPLACEMENT) >= 0) {
      check(bytes);
    }
    return name;
  }

  /// The bytes of the next string, whatever they mean.
  byte[] nextBytes() {
    long end = at;
    while (in.get(ValueLayout.JAVA_BYTE, end) != 0) {
      end++;
    }
    byte[] bytes = in.asSlice(at, end - at).toArray(ValueLayout.JAVA_BYTE);
    at = end + 1;
    return bytes;
  }

  /// Where the next string, or what follows, begins.
  long position() {
    return at;
  }

  private static void check(byte[] bytes) throws ErrnoException {
    try {
      var _ = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes));
    } catch (CharacterCodingException _) {
      throw new ErrnoException(Errno.EILSEQ);
    }
  }
}
