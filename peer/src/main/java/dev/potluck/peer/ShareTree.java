package dev.potluck.peer;

import dev.potluck.content.Kind;
import dev.potluck.content.Name;
import dev.potluck.content.Version;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/// The files beneath a folder, the share's or one that is exported to, by paths relative to it:
/// never out of it, never through a symlink, however long both are together. Thread-safe.
final class ShareTree implements AutoCloseable {
  private static final Logger LOG = System.getLogger(ShareTree.class.getName());
  private static final int LIST_BYTES = 64 << 10;

  /// More than there are between two ticks by chance.
  private static final int TIMES_COMPARED = 64;

  private static final long TICK_NS = 1_000_000;

  private static final String OWN = Name.RESERVED + "/";

  private final int root;
  private final String folder;

  /// Potluck's own folders stay open: nobody else moves them.
  private final Map<String, OpenFolder> own = new ConcurrentHashMap<>();

  private volatile boolean fineTimes;

  private ShareTree(int root, String folder) {
    this.root = root;
    this.folder = folder;
  }

  static ShareTree open(Path folder) throws IOException {
    return new ShareTree(LinuxFiles.openFolder(folder.toString()), folder.toString());
  }

  /// Finds out whether each change of a file that was looked at since the one before has a ctime of
  /// its own, as with Linux 6.13 and newer on most file systems; else times of the kernel's last
  /// tick are taken, some milliseconds apart.
  ///
  /// @param scratch where a file can be made for it
  void learnTimes(String scratch) throws IOException {
    try {
      fineTimes = hasFineTimes(scratch);
    } catch (DiskFullException e) {
      LOG.log(Level.DEBUG, "times are taken to be coarse: {0}", e.getMessage());
    }
  }

  private boolean hasFineTimes(String scratch) throws IOException {
    unlinkIfPresent(scratch);
    try (FileHandle file = create(scratch)) {
      boolean fine = true;
      long beganNs = System.nanoTime();
      long before = file.stat().identity().ctimeNs();
      for (int i = 0; fine && i < TIMES_COMPARED; i++) {
        file.write(0, ByteBuffer.wrap(new byte[] {(byte) i}));
        long now = file.stat().identity().ctimeNs();
        fine = now != before;
        before = now;
      }
      // On a disk that is slower than the kernel's clock ticks, different times say nothing.
      return fine && System.nanoTime() - beganNs < TIMES_COMPARED * TICK_NS;
    } finally {
      unlinkIfPresent(scratch);
    }
  }

  /// Whether a later write of a file that was put in its place need not show, so that it has to be
  /// hashed once more: any changes the mtime, unless that is as young as the file.
  boolean isRacy(FileIdentity identity) {
    return !fineTimes && identity.ctimeNs() - identity.mtimeNs() < FileRecord.RACY_NS;
  }

  /// The share's own folder, as it was opened.
  FileStat stat() throws IOException {
    return LinuxFiles.stat(root);
  }

  /// Whether the share's path still leads to the folder that was opened.
  boolean isInPlace() throws IOException {
    int now;
    try {
      now = LinuxFiles.openFolder(folder);
    } catch (NoSuchFileException | java.nio.file.NotDirectoryException e) {
      return false;
    }
    try {
      FileStat there = LinuxFiles.stat(now);
      FileStat opened = stat();
      return there.device() == opened.device()
          && there.identity().inode() == opened.identity().inode();
    } finally {
      LinuxFiles.close(now);
    }
  }

  /// Opens a file for reading. Whether it is a regular one is for the caller to see.
  FileHandle open(String path) throws IOException {
    return open(path, LinuxFiles.O_RDONLY);
  }

  /// Opens what has a content, by what it is said to be.
  ///
  /// @throws NoSuchFileException if it should be a symlink, and is none
  /// @throws Errno.SymlinkInPathException if it should be a file, and is a symlink
  FileSource open(String path, Kind kind) throws IOException {
    return kind == Kind.SYMLINK ? openLink(path) : open(path);
  }

  /// Opens a symlink itself.
  Symlink openLink(String path) throws IOException {
    return inParent(path, (folder, entry) -> Symlink.open(folder, entry, path)).orElseThrow();
  }

  /// Makes a symlink where nothing lies yet.
  ///
  /// @param mtimeNs time it gets
  /// @throws IOException also if no system can have such a target
  FileStat makeLink(byte[] target, String path, long mtimeNs) throws IOException {
    if (target.length == 0 || target.length > Version.TARGET_BYTES_MAX) {
      throw new IOException(
          "the target of a symlink has 1 to " + Version.TARGET_BYTES_MAX + " bytes");
    }
    return inParent(
            path,
            (folder, entry) -> {
              LinuxFiles.symlink(target, folder, entry);
              LinuxFiles.setModified(folder, entry, mtimeNs);
              return LinuxFiles.stat(folder, entry);
            })
        .orElseThrow();
  }

  /// Gives a symlink itself another time.
  FileStat dressLink(String path, long mtimeNs) throws IOException {
    return inParent(
            path,
            (folder, entry) -> {
              LinuxFiles.setModified(folder, entry, mtimeNs);
              return LinuxFiles.stat(folder, entry);
            })
        .orElseThrow();
  }

  FileHandle openForWriting(String path) throws IOException {
    return open(path, LinuxFiles.O_RDWR);
  }

  private FileHandle open(String path, int flags) throws IOException {
    return new FileHandle(LinuxFiles.open(root, path, flags | LinuxFiles.O_NOFOLLOW, 0), path);
  }

  /// Makes a new file, readable by its owner only.
  FileHandle create(String path) throws IOException {
    return create(path, 0600);
  }

  /// Makes a new file of a mode, of which the user's umask is taken away.
  FileHandle create(String path, int mode) throws IOException {
    int flags = LinuxFiles.O_RDWR | LinuxFiles.O_CREAT | LinuxFiles.O_EXCL | LinuxFiles.O_NOFOLLOW;
    return inParent(
            path,
            (folder, entry) -> new FileHandle(LinuxFiles.open(folder, entry, flags, mode), path))
        .orElseThrow();
  }

  /// What lies at a path, a symlink itself included; nothing if there is no such thing.
  Optional<FileStat> stat(String path) throws IOException {
    try {
      return inParent(path, LinuxFiles::stat);
    } catch (NoSuchFileException
        | java.nio.file.NotDirectoryException
        | Errno.SymlinkInPathException e) {
      return Optional.empty();
    }
  }

  /// Moves a file where nothing lies yet.
  ///
  /// @throws FileAlreadyExistsException if something does
  void moveToNew(String from, String to) throws IOException {
    try {
      rename(from, to, LinuxFiles.RENAME_NOREPLACE);
    } catch (Errno.UnsupportedException e) {
      // No RENAME_NOREPLACE on this file system: a link is as exclusive.
      inParents(from, to, LinuxFiles::link);
      unlink(from);
    }
  }

  /// Moves a file, replacing what lies there.
  void moveOver(String from, String to) throws IOException {
    rename(from, to, 0);
  }

  /// Moves a file beneath another folder, replacing what lies there.
  ///
  /// @throws Errno.OtherFileSystemException if that is on another file system
  void moveInto(String from, ShareTree other, String to) throws IOException {
    var _ =
        inParent(
            from,
            (folder, entry) ->
                other.inParent(
                    to,
                    (toFolder, toEntry) -> {
                      LinuxFiles.rename(folder, entry, toFolder, toEntry, 0);
                      return true;
                    }));
  }

  /// Swaps two files, atomically where the file system can.
  void exchange(String one, String other) throws IOException {
    try {
      rename(one, other, LinuxFiles.RENAME_EXCHANGE);
    } catch (Errno.UnsupportedException e) {
      // For a moment there is nothing under the second path; nothing is ever lost or half there.
      String aside = one + ".out";
      rename(other, aside, 0);
      moveToNew(one, other);
      rename(aside, one, 0);
    }
  }

  private void rename(String from, String to, int flags) throws IOException {
    inParents(from, to, (a, x, b, y) -> LinuxFiles.rename(a, x, b, y, flags));
  }

  void unlink(String path) throws IOException {
    inParent(
        path,
        (folder, entry) -> {
          LinuxFiles.unlink(folder, entry);
          return true;
        });
  }

  /// Removes a file if it is there.
  void unlinkIfPresent(String path) throws IOException {
    try {
      unlink(path);
    } catch (NoSuchFileException e) {
      // Gone already, as asked.
    }
  }

  /// Makes a folder if it is not there.
  void makeFolder(String path, int mode) throws IOException {
    try {
      inParent(
          path,
          (folder, entry) -> {
            LinuxFiles.mkdir(folder, entry, mode);
            return true;
          });
    } catch (FileAlreadyExistsException e) {
      openFolder(path).close();
    }
  }

  /// Makes the folders above a path.
  ///
  /// @return whether one had to be made
  boolean makeParents(String path) throws IOException {
    int slash = path.lastIndexOf('/');
    if (slash < 0) {
      return false;
    }
    String parent = path.substring(0, slash);
    try {
      openFolder(parent).close();
      return false;
    } catch (NoSuchFileException e) {
      for (int end = parent.indexOf('/'); end >= 0; end = parent.indexOf('/', end + 1)) {
        makeFolder(parent.substring(0, end), 0777);
      }
      makeFolder(parent, 0777);
      return true;
    }
  }

  /// Removes the folders above a path that are empty now.
  void removeEmptyParents(String path) throws IOException {
    for (int slash = path.lastIndexOf('/'); slash > 0; slash = path.lastIndexOf('/', slash - 1)) {
      try {
        inParent(
            path.substring(0, slash),
            (folder, entry) -> {
              LinuxFiles.rmdir(folder, entry);
              return true;
            });
      } catch (java.nio.file.FileSystemException e) {
        return; // Not empty, gone already, or not ours to remove.
      }
    }
  }

  /// Returns once what a file holds is on disk. A symlink has nothing of its own: it comes to the
  /// disk with its folder.
  void sync(String path, Kind kind) throws IOException {
    if (kind == Kind.SYMLINK) {
      return;
    }
    try (FileHandle file = open(path)) {
      file.sync();
    }
  }

  /// Returns once all that was written in the share, and on the file system it lies on, is on disk.
  void syncAll() throws IOException {
    LinuxFiles.syncFileSystem(root, folder);
  }

  /// Returns once the entries of the folder that holds a path are on disk, and with `all` those of
  /// every folder above it.
  void syncParents(String path, boolean all) throws IOException {
    List<String> folders = foldersAbove(path);
    for (String folder : all ? folders : folders.subList(0, 1)) {
      syncFolder(folder);
    }
  }

  /// The folders that hold a path, the nearest first, the share itself (".") last.
  static List<String> foldersAbove(String path) {
    List<String> folders = new ArrayList<>();
    for (int slash = path.lastIndexOf('/'); slash > 0; slash = path.lastIndexOf('/', slash - 1)) {
      folders.add(path.substring(0, slash));
    }
    folders.add(".");
    return folders;
  }

  /// Returns once the entries of a folder are on disk.
  void syncFolder(String folder) throws IOException {
    try (OpenFolder open = openFolder(folder)) {
      LinuxFiles.sync(open.fd(), folder);
    }
  }

  /// Visits the entries of a folder ("" is the share itself) in no order, "." and ".." left out.
  void list(String folder, Visitor visitor) throws IOException {
    try (OpenFolder open = openFolder(folder.isEmpty() ? "." : folder);
        Arena arena = Arena.ofConfined()) {
      MemorySegment buffer = arena.allocate(LIST_BYTES, 8);
      for (int filled; (filled = LinuxFiles.entries(open.fd(), buffer, folder)) > 0; ) {
        for (int at = 0; at < filled; ) {
          int length = Short.toUnsignedInt(buffer.get(ValueLayout.JAVA_SHORT_UNALIGNED, at + 16));
          byte[] name = nameAt(buffer, at + 19, at + length);
          if (!isDots(name)) {
            visitor.entry(open.fd(), name);
          }
          at += length;
        }
      }
    }
  }

  private static byte[] nameAt(MemorySegment buffer, int from, int limit) {
    int end = from;
    while (end < limit && buffer.get(ValueLayout.JAVA_BYTE, end) != 0) {
      end++;
    }
    return buffer.asSlice(from, end - from).toArray(ValueLayout.JAVA_BYTE);
  }

  private static boolean isDots(byte[] name) {
    return name[0] == '.' && (name.length == 1 || (name.length == 2 && name[1] == '.'));
  }

  /// The text of a name, if it is UTF-8.
  static Optional<String> decoded(byte[] name) {
    String text = new String(name, StandardCharsets.UTF_8);
    boolean lossy =
        text.indexOf('\uFFFD') >= 0 && !Arrays.equals(text.getBytes(StandardCharsets.UTF_8), name);
    return lossy ? Optional.empty() : Optional.of(text);
  }

  @Override
  public void close() {
    own.values().forEach(OpenFolder::close);
    LinuxFiles.close(root);
  }

  /// Opens the folder above a path.
  OpenFolder openParent(String path) throws IOException {
    int slash = path.lastIndexOf('/');
    return openFolder(slash < 0 ? "." : path.substring(0, slash));
  }

  private OpenFolder openFolder(String path) throws IOException {
    int flags = LinuxFiles.O_RDONLY | LinuxFiles.O_DIRECTORY;
    return new OpenFolder(LinuxFiles.open(root, path, flags, 0));
  }

  <T> Optional<T> inParent(String path, EntryCall<T> call) throws IOException {
    int slash = path.lastIndexOf('/');
    if (slash < 0) {
      return Optional.of(call.run(root, path));
    }
    String parent = path.substring(0, slash);
    String entry = path.substring(slash + 1);
    if (parent.startsWith(OWN)) {
      OpenFolder folder = own.get(parent);
      return Optional.of(call.run((folder == null ? ownFolder(parent) : folder).fd(), entry));
    }
    try (OpenFolder folder = openFolder(parent)) {
      return Optional.of(call.run(folder.fd(), entry));
    }
  }

  private OpenFolder ownFolder(String path) throws IOException {
    OpenFolder opened = openFolder(path);
    OpenFolder other = own.putIfAbsent(path, opened);
    if (other != null) {
      opened.close();
      return other;
    }
    return opened;
  }

  private void inParents(String from, String to, TwoEntriesCall call) throws IOException {
    inParent(
        from,
        (fromFolder, fromEntry) ->
            inParent(
                to,
                (toFolder, toEntry) -> {
                  call.run(fromFolder, fromEntry, toFolder, toEntry);
                  return true;
                }));
  }

  /// Is shown the entries of one folder.
  @FunctionalInterface
  interface Visitor {
    /// @param folder an open descriptor of the folder, for {@link LinuxFiles#stat(int, String)}
    void entry(int folder, byte[] name) throws IOException;
  }

  /// Does something with an entry of an open folder.
  @FunctionalInterface
  interface EntryCall<T> {
    T run(int folder, String entry) throws IOException;
  }

  @FunctionalInterface
  private interface TwoEntriesCall {
    void run(int from, String fromEntry, int to, String toEntry) throws IOException;
  }

  /// A folder, held open.
  record OpenFolder(int fd) implements AutoCloseable {
    @Override
    public void close() {
      LinuxFiles.close(fd);
    }
  }
}
