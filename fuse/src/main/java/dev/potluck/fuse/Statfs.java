package dev.potluck.fuse;

/// What df(1) shows, in blocks.
///
/// @param blockBytes the size of a block; all counts of blocks are in it
/// @param available free for ordinary users
/// @param files how many nodes there can be, 0 if nobody counts
/// @param nameBytesMax the longest name
public record Statfs(
    int blockBytes,
    long blocks,
    long free,
    long available,
    long files,
    long filesFree,
    int nameBytesMax) {
  /// Nothing known but that names have at most 255 bytes.
  public static final Statfs UNKNOWN = new Statfs(4096, 0, 0, 0, 0, 0, 255);

  Kstatfs toOut() {
    return new Kstatfs(
        blocks, free, available, files, filesFree, blockBytes, nameBytesMax, blockBytes);
  }
}
