package dev.potluck.fuse;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;

/// A whole file system in memory, with which the module is tested, and an example of how one is
/// written: one lock over everything, since nothing here takes long but locks of others.
class MemoryFileSystem implements FileSystem {
  private static final int FALLOC_KEEP_SIZE = 1;
  private static final int FALLOC_PUNCH_HOLE = 2;
  private static final int XATTR_CREATE = 1;
  private static final int XATTR_REPLACE = 2;

  private final Duration valid;
  private final boolean mayBlock;
  final MemoryNode root = new MemoryNode(ROOT, FileMode.DIRECTORY | 0755, now());
  final NodeTable<MemoryNode> nodes = new NodeTable<>(root, _ -> {});
  final HandleTable<MemoryNode> files = new HandleTable<>();
  final HandleTable<List<Map.Entry<String, MemoryNode>>> directories = new HandleTable<>();
  final CountDownLatch unmounted = new CountDownLatch(1);
  final Set<Opcode> asked = ConcurrentHashMap.newKeySet();
  private final AtomicLong nextIno = new AtomicLong(2);

  /// @param valid how long the kernel may believe what it is told
  /// @param mayBlock whether requests run on threads of their own
  MemoryFileSystem(Duration valid, boolean mayBlock) {
    this.valid = valid;
    this.mayBlock = mayBlock;
  }

  static long now() {
    return System.currentTimeMillis() * 1_000_000;
  }

  /// Adds a file behind the kernel's back.
  synchronized MemoryNode put(String name, byte[] content) {
    MemoryNode node = new MemoryNode(nextIno.getAndIncrement(), FileMode.REGULAR | 0644, now());
    node.write(0, content);
    root.children.put(name, node);
    return node;
  }

  /// Adds a file that the kernel shall read and write itself.
  synchronized MemoryNode putBacked(String name, Path backing) {
    MemoryNode node = put(name, new byte[0]);
    node.backing = backing;
    return node;
  }

  /// The file of the root with a name, which must be there.
  synchronized MemoryNode named(String name) {
    return Objects.requireNonNull(root.children.get(name), name);
  }

  /// Replaces a file's content behind the kernel's back.
  synchronized void replace(MemoryNode node, byte[] content) {
    node.truncate(0);
    node.write(0, content);
    node.mtimeNs = now();
  }

  /// Removes a file behind the kernel's back.
  synchronized void drop(String name) {
    root.children.remove(name);
  }

  @Override
  public boolean mayBlock(Opcode opcode, long node, long handle) {
    asked.add(opcode);
    return mayBlock;
  }

  @Override
  public void unmounted() {
    unmounted.countDown();
  }

  @Override
  public void forget(long node, long lookups) {
    nodes.forget(node, lookups);
  }

  Entry entry(MemoryNode node) {
    return Entry.of(nodes.lookup(node), node.attributes(), valid);
  }

  @Override
  public synchronized Entry lookup(Request request, long parent, String name)
      throws IOException, InterruptedException {
    return entry(child(parent, name));
  }

  private MemoryNode child(long parent, String name) throws ErrnoException {
    MemoryNode child = nodes.get(parent).children.get(name);
    if (child == null) {
      throw new ErrnoException(Errno.ENOENT);
    }
    return child;
  }

  @Override
  public synchronized Stat getattr(Request request, long node, OptionalLong handle)
      throws IOException {
    return new Stat(nodes.get(node).attributes(), valid);
  }

  @Override
  public synchronized StatWithBirth statx(Request request, long node, OptionalLong handle)
      throws IOException {
    return new StatWithBirth(nodes.get(node).attributes(), 1_000_000_007L, valid);
  }

  @Override
  public synchronized Stat setattr(Request request, long number, AttributeChange change)
      throws IOException {
    MemoryNode node = nodes.get(number);
    change.size().ifPresent(node::truncate);
    if (change.size().isPresent()) {
      node.mtimeNs = now();
    }
    int permissions = change.mode().orElse(node.mode) & FileMode.PERMISSIONS;
    node.mode = (node.mode & FileMode.TYPE) | permissions;
    node.uid = change.uid().orElse(node.uid);
    node.gid = change.gid().orElse(node.gid);
    node.atimeNs = change.atime().orElse(change.atimeNow() ? now() : node.atimeNs);
    node.mtimeNs = change.mtime().orElse(change.mtimeNow() ? now() : node.mtimeNs);
    node.ctimeNs = now();
    return new Stat(node.attributes(), valid);
  }

  @Override
  public synchronized byte[] readlink(Request request, long node) throws IOException {
    return nodes.get(node).target;
  }

  private MemoryNode make(Request request, long parent, String name, int mode)
      throws ErrnoException {
    MemoryNode directory = nodes.get(parent);
    if (directory.children.containsKey(name)) {
      throw new ErrnoException(Errno.EEXIST);
    }
    MemoryNode node = new MemoryNode(nextIno.getAndIncrement(), mode, now());
    node.uid = request.uid();
    node.gid = request.gid();
    directory.children.put(name, node);
    directory.mtimeNs = now();
    return node;
  }

  @Override
  public synchronized Entry symlink(Request request, long parent, String name, byte[] target)
      throws IOException {
    MemoryNode node = make(request, parent, name, FileMode.SYMLINK | 0777);
    node.target = target;
    return entry(node);
  }

  @Override
  public synchronized Entry mknod(Request request, long parent, String name, int mode, int rdev)
      throws IOException {
    MemoryNode node = make(request, parent, name, mode);
    node.rdev = rdev;
    return entry(node);
  }

  @Override
  public synchronized Entry mkdir(Request request, long parent, String name, int mode)
      throws IOException {
    MemoryNode node = make(request, parent, name, FileMode.DIRECTORY | mode);
    nodes.get(parent).nlink++;
    return entry(node);
  }

  @Override
  public synchronized void unlink(Request request, long parent, String name) throws IOException {
    MemoryNode node = child(parent, name);
    node.nlink--;
    nodes.get(parent).children.remove(name);
  }

  @Override
  public synchronized void rmdir(Request request, long parent, String name) throws IOException {
    if (!child(parent, name).children.isEmpty()) {
      throw new ErrnoException(Errno.ENOTEMPTY);
    }
    nodes.get(parent).children.remove(name);
    nodes.get(parent).nlink--;
  }

  @Override
  public synchronized void rename(
      Request request, long parent, String name, long newParent, String newName, int flags)
      throws IOException {
    if ((flags & ~(Rename.NOREPLACE | Rename.EXCHANGE)) != 0) {
      throw new ErrnoException(Errno.EINVAL);
    }
    MemoryNode moved = child(parent, name);
    Map<String, MemoryNode> from = nodes.get(parent).children;
    Map<String, MemoryNode> to = nodes.get(newParent).children;
    MemoryNode there = to.get(newName);
    if (flags == Rename.EXCHANGE) {
      from.put(name, child(newParent, newName));
      to.put(newName, moved);
      return;
    }
    if (there != null && flags == Rename.NOREPLACE) {
      throw new ErrnoException(Errno.EEXIST);
    }
    if (there != null && !there.children.isEmpty()) {
      throw new ErrnoException(Errno.ENOTEMPTY);
    }
    from.remove(name);
    to.put(newName, moved);
  }

  @Override
  public synchronized Entry link(Request request, long number, long newParent, String newName)
      throws IOException {
    MemoryNode node = nodes.get(number);
    if (nodes.get(newParent).children.putIfAbsent(newName, node) != null) {
      throw new ErrnoException(Errno.EEXIST);
    }
    node.nlink++;
    return entry(node);
  }

  @Override
  public synchronized Opened open(Request request, long number, int flags)
      throws IOException, InterruptedException {
    MemoryNode node = nodes.get(number);
    if ((flags & OpenFlags.TRUNCATE) != 0) {
      node.truncate(0);
      node.mtimeNs = now();
    }
    long handle = files.add(node);
    return node.backing == null
        ? Opened.cached(handle)
        : Opened.passthrough(handle, BackingFile.open(node.backing, OpenFlags.writes(flags)));
  }

  @Override
  public synchronized Created create(Request request, long parent, String name, int mode, int flags)
      throws IOException {
    MemoryNode node = make(request, parent, name, FileMode.REGULAR | mode);
    return new Created(entry(node), Opened.cached(files.add(node)));
  }

  @Override
  public synchronized Created tmpfile(Request request, long parent, int mode, int flags) {
    MemoryNode node = new MemoryNode(nextIno.getAndIncrement(), FileMode.REGULAR | mode, now());
    node.nlink = 0;
    return new Created(entry(node), Opened.cached(files.add(node)));
  }

  @Override
  public MemorySegment read(Request request, long node, long handle, long offset, int size)
      throws IOException, InterruptedException {
    byte[] bytes;
    synchronized (this) {
      bytes = files.get(handle).read(offset, size);
    }
    MemorySegment buffer = request.buffer(bytes.length);
    MemorySegment.copy(bytes, 0, buffer, ValueLayout.JAVA_BYTE, 0, bytes.length);
    return buffer;
  }

  @Override
  public synchronized int write(
      Request request, long node, long handle, long offset, MemorySegment data) throws IOException {
    MemoryNode file = files.get(handle);
    file.write(offset, data.toArray(ValueLayout.JAVA_BYTE));
    file.mtimeNs = now();
    return (int) data.byteSize();
  }

  @Override
  public void flush(Request request, long node, long handle) throws IOException {
    files.get(handle).locks.releaseAll(request.lockOwner(), false);
  }

  @Override
  public void release(Request request, long node, long handle, boolean unlock) throws IOException {
    if (unlock) {
      files.get(handle).locks.releaseAll(request.lockOwner(), true);
    }
    files.remove(handle);
  }

  @Override
  public void fsync(Request request, long node, long handle, boolean dataOnly) {}

  @Override
  public synchronized Opened opendir(Request request, long node) throws IOException {
    return Opened.cached(directories.add(new ArrayList<>(nodes.get(node).children.entrySet())));
  }

  @Override
  public synchronized void readdir(
      Request request, long node, long handle, long offset, DirectoryEntries entries)
      throws IOException {
    List<Map.Entry<String, MemoryNode>> listing = directories.get(handle);
    if (offset == 0) { // opened just now, or rewound: what is there now
      listing.clear();
      listing.addAll(nodes.get(node).children.entrySet());
    }
    if (offset == 0 && !entries.add(".", nodes.get(node).ino, FileMode.DIRECTORY, 1)) {
      return;
    }
    if (offset <= 1 && !entries.add("..", ROOT, FileMode.DIRECTORY, 2)) {
      return;
    }
    for (int i = (int) Math.max(offset - 2, 0); i < listing.size(); i++) {
      MemoryNode child = listing.get(i).getValue();
      Entry entry = entry(child);
      boolean fitted = entries.add(listing.get(i).getKey(), entry, i + 3L);
      if (!fitted || !entries.withAttributes()) {
        nodes.forget(entry.node(), 1);
      }
      if (!fitted) {
        return;
      }
    }
  }

  @Override
  public void releasedir(Request request, long node, long handle) {
    directories.remove(handle);
  }

  @Override
  public void fsyncdir(Request request, long node, long handle, boolean dataOnly) {}

  @Override
  public Statfs statfs(Request request, long node) {
    return new Statfs(4096, 1000, 900, 800, 70, 60, 255);
  }

  @Override
  public synchronized byte[] getxattr(Request request, long node, String name) throws IOException {
    byte[] value = nodes.get(node).xattrs.get(name);
    if (value == null) {
      throw new ErrnoException(Errno.ENODATA);
    }
    return value;
  }

  @Override
  public synchronized List<String> listxattr(Request request, long node) throws IOException {
    return List.copyOf(nodes.get(node).xattrs.keySet());
  }

  @Override
  public synchronized void setxattr(
      Request request, long node, String name, byte[] value, int flags) throws IOException {
    Map<String, byte[]> xattrs = nodes.get(node).xattrs;
    if (flags == XATTR_CREATE && xattrs.containsKey(name)) {
      throw new ErrnoException(Errno.EEXIST);
    }
    if (flags == XATTR_REPLACE && !xattrs.containsKey(name)) {
      throw new ErrnoException(Errno.ENODATA);
    }
    xattrs.put(name, value);
  }

  @Override
  public synchronized void removexattr(Request request, long node, String name) throws IOException {
    if (nodes.get(node).xattrs.remove(name) == null) {
      throw new ErrnoException(Errno.ENODATA);
    }
  }

  @Override
  public Optional<RecordLock> getlk(
      Request request, long node, long handle, long owner, RecordLock lock) throws IOException {
    return files.get(handle).locks.inTheWay(owner, false, lock);
  }

  @Override
  public void setlk(
      Request request,
      long node,
      long handle,
      long owner,
      RecordLock lock,
      boolean flock,
      boolean wait)
      throws IOException, InterruptedException {
    files.get(handle).locks.set(owner, flock, lock, wait);
  }

  @Override
  public synchronized void fallocate(
      Request request, long node, long handle, long offset, long length, int mode)
      throws IOException {
    MemoryNode file = files.get(handle);
    if ((mode & FALLOC_PUNCH_HOLE) != 0) {
      file.punch(offset, length);
    } else if ((mode & FALLOC_KEEP_SIZE) == 0) {
      file.size = Math.max(file.size, offset + length);
    }
  }

  @Override
  public synchronized long lseek(Request request, long node, long handle, long offset, boolean hole)
      throws IOException {
    long found = files.get(handle).seek(offset, hole);
    if (found < 0) {
      throw new ErrnoException(Errno.ENXIO);
    }
    return found;
  }

  @Override
  public synchronized long copyFileRange(Request request, FileRange from, FileRange to, long length)
      throws IOException {
    int count = (int) Math.min(length, 1 << 20);
    byte[] bytes = files.get(from.handle()).read(from.offset(), count);
    files.get(to.handle()).write(to.offset(), bytes);
    return bytes.length;
  }
}
