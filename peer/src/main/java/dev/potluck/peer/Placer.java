package dev.potluck.peer;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.NoSuchFileException;
import org.jspecify.annotations.Nullable;

/// Moves files into the share where nothing lies yet, one after the other, making the folders above
/// them. The folder of the last one stays open for the next, since files come folder by folder. For
/// one thread, for moments.
final class Placer implements AutoCloseable {
  private final ShareTree tree;
  private String parent = "";
  private ShareTree.@Nullable OpenFolder open;
  private boolean made;

  Placer(ShareTree tree) {
    this.tree = tree;
  }

  /// Moves a file of Potluck's own to its place.
  ///
  /// @return what lies there now
  /// @throws FileAlreadyExistsException if something lay there
  FileStat place(String from, String to) throws IOException {
    try {
      return moved(from, to);
    } catch (NoSuchFileException e) {
      // There is no such folder, or the one that was open has been deleted since.
      close();
      made |= tree.makeParents(to);
      return moved(from, to);
    }
  }

  /// Whether folders had to be made, whose own entries are to be synced, too.
  boolean hasMadeFolders() {
    return made;
  }

  private FileStat moved(String from, String to) throws IOException {
    String entry = to.substring(to.lastIndexOf('/') + 1);
    int folder = folderOf(to);
    try {
      var _ =
          tree.inParent(
              from,
              (fromFolder, fromEntry) -> {
                LinuxFiles.rename(
                    fromFolder, fromEntry, folder, entry, LinuxFiles.RENAME_NOREPLACE);
                return true;
              });
      return LinuxFiles.stat(folder, entry);
    } catch (Errno.UnsupportedException e) {
      tree.moveToNew(from, to);
      return tree.stat(to).orElseThrow();
    }
  }

  private int folderOf(String path) throws IOException {
    String above = path.substring(0, Math.max(0, path.lastIndexOf('/')));
    ShareTree.OpenFolder folder = open;
    if (folder == null || !above.equals(parent)) {
      close();
      folder = tree.openParent(path);
      parent = above;
      open = folder;
    }
    return folder.fd();
  }

  @Override
  public void close() {
    if (open != null) {
      open.close();
      open = null;
    }
  }
}
