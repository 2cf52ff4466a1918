package dev.potluck.directory;

import dev.potluck.content.UsageException;

/// Who a peer is: 32 lower-case base32 characters, the first 20 bytes of the SHA-256 of its public
/// key. It follows from the key and can't be chosen.
public record PeerId(String text) implements Comparable<PeerId> {
  public static final int LENGTH = 32;

  /// @throws UsageException if the text is not the id of a peer
  public PeerId {
    if (!isValid(text)) {
      throw new UsageException("not the id of a peer: it is not 32 characters of a-z and 2-7");
    }
  }

  /// @throws UsageException if the text is not the id of a peer
  public static PeerId of(String text) {
    return new PeerId(text);
  }

  public static boolean isValid(String text) {
    return text.length() == LENGTH
        && text.chars().allMatch(c -> (c >= 'a' && c <= 'z') || (c >= '2' && c <= '7'));
  }

  @Override
  public int compareTo(PeerId other) {
    return text.compareTo(other.text);
  }

  @Override
  public String toString() {
    return text;
  }
}
