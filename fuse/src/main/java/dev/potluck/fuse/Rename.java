package dev.potluck.fuse;

/// The flags of renameat2(2).
public final class Rename {
  /// EEXIST if there is something under the new name.
  public static final int NOREPLACE = 1;

  /// The two names change places; both must be there.
  public static final int EXCHANGE = 2;

  private Rename() {}
}
