package dev.potluck.directory;

/// How many transfers a peer is running now.
public record Load(int uploads, int downloads) {
  public static final Load NONE = new Load(0, 0);

  public Load {
    if (uploads < 0 || downloads < 0) {
      throw new IllegalArgumentException("a load is not negative");
    }
  }

  public int total() {
    return Math.addExact(uploads, downloads);
  }
}
