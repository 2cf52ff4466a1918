package dev.potluck.peer;

import java.io.IOException;
import java.nio.ByteBuffer;

/// A symlink of the share: its content is its target, which nobody follows. No link's target ever
/// changes, so nothing is held open.
final class Symlink implements FileSource {
  private final String path;
  private final FileStat stat;
  private final byte[] target;

  private Symlink(String path, FileStat stat, byte[] target) {
    this.path = path;
    this.stat = stat;
    this.target = target;
  }

  /// Opens a link itself.
  ///
  /// @param folder an open descriptor of the folder it lies in
  /// @throws java.nio.file.NoSuchFileException if something else lies there
  static Symlink open(int folder, String entry, String path) throws IOException {
    int link = LinuxFiles.open(folder, entry, LinuxFiles.O_PATH | LinuxFiles.O_NOFOLLOW, 0);
    try {
      return new Symlink(path, LinuxFiles.stat(link), LinuxFiles.readLink(link, path));
    } finally {
      LinuxFiles.close(link);
    }
  }

  @Override
  public String path() {
    return path;
  }

  @Override
  public FileStat stat() {
    return stat;
  }

  int targetBytes() {
    return target.length;
  }

  @Override
  public int read(long position, ByteBuffer to) {
    if (position >= target.length) {
      return -1;
    }
    int count = (int) Math.min(to.remaining(), target.length - position);
    to.put(target, (int) position, count);
    return count;
  }

  @Override
  public void close() {}
}
