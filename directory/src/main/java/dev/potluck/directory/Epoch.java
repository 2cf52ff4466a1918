package dev.potluck.directory;

/// How often a party's directory was begun anew from what a survivor knew (`potluck recover`); 1 at
/// first. It is the top 16 bits of a directory's incarnation, so that whoever hears of a directory
/// can tell one that was given up from the one that took its place.
public final class Epoch {
  /// Where every party begins.
  public static final int FIRST = 1;

  /// Past the last epoch there is none.
  public static final int LAST = 0xFFFF;

  private static final int SHIFT = 48;

  private Epoch() {}

  /// The epoch of a directory; 0 for the incarnation 0, which is none.
  public static int of(long incarnation) {
    return (int) (incarnation >>> SHIFT);
  }

  /// An incarnation of that epoch.
  ///
  /// @param distinction tells it from others of the epoch; its lower 48 bits count
  public static long incarnation(int epoch, long distinction) {
    if (epoch < FIRST || epoch > LAST) {
      throw new IllegalArgumentException("epoch " + epoch);
    }
    return (long) epoch << SHIFT | (distinction & ((1L << SHIFT) - 1));
  }

  /// Whether one directory of a party takes the place of another. If two survivors began one each
  /// in the same epoch, one of them gives way, and all agree on which.
  public static boolean supersedes(long incarnation, long other) {
    return Long.compareUnsigned(incarnation, other) > 0;
  }
}
