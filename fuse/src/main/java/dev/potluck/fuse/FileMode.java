package dev.potluck.fuse;

/// The bits of a mode: file types (`S_IF…`) and permissions.
public final class FileMode {
  /// The bits that hold the file type.
  public static final int TYPE = 0170000;

  public static final int SOCKET = 0140000;
  public static final int SYMLINK = 0120000;
  public static final int REGULAR = 0100000;
  public static final int BLOCK_DEVICE = 0060000;
  public static final int DIRECTORY = 0040000;
  public static final int CHARACTER_DEVICE = 0020000;
  public static final int FIFO = 0010000;

  /// Set-user-ID, set-group-ID, sticky, and read, write, execute for owner, group and others.
  public static final int PERMISSIONS = 07777;

  private FileMode() {}
}
