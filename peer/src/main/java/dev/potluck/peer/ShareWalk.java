package dev.potluck.peer;

import dev.potluck.content.Name;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;

/// One pass over everything in the share by names and identities, no file being opened: what is
/// there, what is left out and why. Used by one thread.
final class ShareWalk {
  private final ShareTree tree;
  private final Visitor visitor;
  private final ArrayDeque<Folder> folders = new ArrayDeque<>();
  private final List<Skipped> skipped = new ArrayList<>();
  private final List<String> unreadable = new ArrayList<>();
  private final Set<String> mounts = new HashSet<>();
  private boolean sawOwnFolder;
  private long device;

  ShareWalk(ShareTree tree, Visitor visitor) {
    this.tree = tree;
    this.visitor = visitor;
  }

  /// @throws NotTheShareException if the folder is not the share any more
  /// @throws IOException if the share itself can't be listed
  void run() throws IOException {
    if (!tree.isInPlace()) {
      throw new NotTheShareException(
          "its folder was moved, replaced or unmounted; put it back, or stop this peer");
    }
    FileStat share = tree.stat();
    device = share.device();
    visitor.folder("", share.identity().inode()); // Before it is listed: what comes then is told.
    tree.list("", (fd, name) -> entry(fd, "", name));
    if (!sawOwnFolder) {
      throw new NotTheShareException(
          "its folder " + Name.RESERVED + " is gone, with this peer's key; restart the peer");
    }
    for (Folder next; (next = folders.poll()) != null; ) {
      String folder = next.path;
      String prefix = folder + "/";
      try {
        visitor.folder(folder, next.inode);
        tree.list(folder, (fd, name) -> entry(fd, prefix, name));
      } catch (NoSuchFileException | java.nio.file.NotDirectoryException e) {
        // Removed while we walked: the files in it are just not seen.
      } catch (IOException e) {
        skip(folder, "can't list the folder: " + why(e));
        unreadable.add(prefix);
      }
    }
  }

  List<Skipped> skipped() {
    return skipped;
  }

  /// Folders on which other file systems are mounted.
  Set<String> mounts() {
    return mounts;
  }

  /// Whether nothing is known of a path because a folder above it could not be listed.
  boolean isHidden(String path) {
    return unreadable.stream().anyMatch(path::startsWith);
  }

  private record Folder(String path, long inode) {}

  private void entry(int fd, String prefix, byte[] bytes) throws IOException {
    String decoded = ShareTree.decoded(bytes).orElse(null);
    if (decoded == null) {
      skip(prefix + escaped(bytes), "its name is not UTF-8");
      return;
    }
    String path = prefix + decoded;
    if (decoded.equals(Name.RESERVED)) {
      if (prefix.isEmpty()) {
        sawOwnFolder = true;
      } else {
        skip(path, "a folder of Potluck's own, of another share");
      }
      return;
    }
    FileStat stat;
    try {
      stat = LinuxFiles.stat(fd, decoded);
    } catch (NoSuchFileException e) {
      return; // Gone between listing and looking.
    } catch (IOException e) {
      skip(path, why(e));
      unreadable.add(path);
      return;
    }
    switch (stat.type()) {
      case FileStat.REGULAR, FileStat.SYMLINK -> visitor.file(path, stat);
      case FileStat.FOLDER -> {
        folders.add(new Folder(path, stat.identity().inode()));
        if (stat.device() != device) {
          mounts.add(path);
        }
      }
      case FileStat.FIFO -> skip(path, "a FIFO, not a file");
      case FileStat.SOCKET -> skip(path, "a socket, not a file");
      case FileStat.CHARACTER_DEVICE, FileStat.BLOCK_DEVICE -> skip(path, "a device, not a file");
      default -> skip(path, "not a regular file");
    }
  }

  void skip(String path, String why) {
    skipped.add(new Skipped(path, why));
  }

  /// The reason in an exception, without the path that is said anyway.
  static String why(IOException e) {
    if (e instanceof java.nio.file.FileSystemException fse && fse.getReason() != null) {
      return fse.getReason();
    }
    return e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
  }

  private static String escaped(byte[] bytes) {
    StringBuilder text = new StringBuilder();
    for (byte b : bytes) {
      if (b >= ' ' && b < 0x7f) {
        text.append((char) b);
      } else {
        text.append("\\x").append(HexFormat.of().toHexDigits(b));
      }
    }
    return text.toString();
  }

  /// Is shown what may be shared.
  interface Visitor {
    /// @param stat of a file, or of a symlink, which is not followed
    void file(String path, FileStat stat) throws IOException;

    /// Before what is in it.
    ///
    /// @param inode by which a folder is the same at another path
    void folder(String path, long inode);
  }
}
