package dev.potluck.content;

/// What a content is called by what it is: the BEP 52 root and the size in bytes. The root alone is
/// not an identity, since leaf and node hashes are not told apart: a 64-byte file can have the root
/// of a 32 KiB one. The size fixes the depth of every proof.
public record ContentId(Root root, long size) {
  /// The largest size that is accepted from anyone, 8 EiB less one piece: sums can't overflow.
  public static final long MAX_SIZE = Long.MAX_VALUE - (4L << 20);

  public static final ContentId EMPTY = new ContentId(Root.ZERO, 0);

  public ContentId {
    if (size < 0 || size > MAX_SIZE) {
      throw new IllegalArgumentException("size out of range: " + size);
    }
    if (size == 0 && !root.equals(Root.ZERO)) {
      throw new IllegalArgumentException("an empty content has the zero root");
    }
  }

  /// Reads `<64 hex digits>-<decimal size>`, the form of {@link #toString}.
  ///
  /// @throws UsageException if the text has another form
  public static ContentId parse(String text) {
    int dash = text.indexOf('-');
    if (dash != 2 * Root.BYTES || text.length() - dash > 20) {
      throw new UsageException("not a content id: expected <root>-<size>");
    }
    Root root = Root.parse(text.substring(0, dash));
    try {
      return new ContentId(root, Long.parseLong(text, dash + 1, text.length(), 10));
    } catch (IllegalArgumentException e) {
      throw new UsageException("not a content id: its size is no number in range", e);
    }
  }

  public Pieces pieces() {
    return new Pieces(size);
  }

  @Override
  public String toString() {
    return root + "-" + size;
  }
}
