package dev.potluck.peer;

/// By what a file is recognised as unchanged without reading it. Times in ns since 1970.
record FileIdentity(long inode, long size, long mtimeNs, long ctimeNs) {
  /// Whether it is the same file with the same bytes as far as a rename, link or chmod of it leaves
  /// that visible: they change the ctime only.
  boolean sameButCtime(FileIdentity other) {
    return inode == other.inode && size == other.size && mtimeNs == other.mtimeNs;
  }
}
