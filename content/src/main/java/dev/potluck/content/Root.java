package dev.potluck.content;

import java.nio.ByteBuffer;
import java.util.HexFormat;

/// A SHA-256 hash of 32 bytes: the root of a Merkle tree or of one of its subtrees, kept as four
/// big-endian words (a million of them are held by the directory).
public record Root(long a, long b, long c, long d) {
  public static final int BYTES = 32;

  /// 32 zero bytes: a missing leaf, and the root of an empty file (BEP 52).
  public static final Root ZERO = new Root(0, 0, 0, 0);

  /// Reads the 32 bytes of a hash.
  ///
  /// @throws IllegalArgumentException unless there are exactly 32 bytes
  public static Root of(byte[] bytes) {
    if (bytes.length != BYTES) {
      throw new IllegalArgumentException("a root has 32 bytes, not " + bytes.length);
    }
    return at(bytes, 0);
  }

  /// Reads the form of {@link #toString}, in either case.
  ///
  /// @throws UsageException unless the text is 64 hexadecimal digits
  public static Root parse(String hex) {
    try {
      if (hex.length() == 2 * BYTES) {
        return of(HexFormat.of().parseHex(hex));
      }
    } catch (IllegalArgumentException e) {
      throw new UsageException("not a root: it has other characters than 0-9a-f", e);
    }
    throw new UsageException("not a root: it has not 64 hexadecimal digits");
  }

  static Root at(byte[] bytes, int offset) {
    ByteBuffer words = ByteBuffer.wrap(bytes, offset, BYTES);
    return new Root(words.getLong(), words.getLong(), words.getLong(), words.getLong());
  }

  /// Writes the 32 bytes into an array.
  public void copyTo(byte[] target, int offset) {
    ByteBuffer.wrap(target, offset, BYTES).putLong(a).putLong(b).putLong(c).putLong(d);
  }

  public byte[] bytes() {
    byte[] bytes = new byte[BYTES];
    copyTo(bytes, 0);
    return bytes;
  }

  /// 64 lower-case hexadecimal digits.
  @Override
  public String toString() {
    return HexFormat.of().formatHex(bytes());
  }
}
