package dev.potluck.fuse;

import java.time.Duration;

/// What a name leads to, and how long the kernel may believe it without asking. Long is right where
/// a [Notifier] tells the kernel of changes.
///
/// Every answer with an entry counts as one look-up of its node, which lives until FORGET has taken
/// back as many (see [NodeTable]).
///
/// @param node the node's number: above 0 (1 is the root); 0: there is no such name, and that may
///   be cached
/// @param generation with the node's number unique as long as the mount exists; 0 if numbers are
///   never used again
public record Entry(
    long node,
    long generation,
    Attributes attributes,
    Duration entryValid,
    Duration attributesValid) {
  private static final Attributes NOTHING = Attributes.file(0, 0, 0, 0);

  public Entry {
    if (entryValid.isNegative() || attributesValid.isNegative()) {
      throw new IllegalArgumentException("valid for less than no time");
    }
  }

  /// An entry of a node whose number is never used for another.
  public static Entry of(long node, Attributes attributes, Duration valid) {
    return new Entry(node, 0, attributes, valid, valid);
  }

  /// No such name; the kernel need not ask again for a while.
  public static Entry absent(Duration valid) {
    return new Entry(0, 0, NOTHING, valid, Duration.ZERO);
  }
}
