package dev.potluck.peer;

import dev.potluck.content.ByteSource;
import dev.potluck.content.ContentId;
import dev.potluck.content.FailedException;
import dev.potluck.content.Kind;
import dev.potluck.content.PieceLayer;
import dev.potluck.content.UsageException;
import dev.potluck.content.Version;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.HashSet;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/// `.potluck/tmp/` and `.potluck/drafts/`: files that are being written before they are installed.
/// The next start deletes what a crash leaves there. Thread-safe.
final class Temporaries implements DraftContent.Scratches, AutoCloseable {
  /// Where files are written that somebody has open in a mount.
  static final String DRAFTS = ".potluck/drafts";

  private static final int COPY_BYTES = 1 << 20;

  private final ShareTree tree;
  private final FileHasher hasher;

  /// Of the kernel's, since a full queue of the disk keeps them waiting.
  private final ExecutorService followers =
      Executors.newCachedThreadPool(Thread.ofPlatform().name("draft-hash-", 0).daemon().factory());

  private final AtomicLong sequence = new AtomicLong();

  Temporaries(ShareTree tree, FileHasher hasher) {
    this.tree = tree;
    this.hasher = hasher;
  }

  private FileHandle create(int mode) throws IOException {
    return tree.create(newPath(), mode);
  }

  /// Where something may be made.
  String newPath() {
    return Share.TEMP + "/" + sequence.getAndIncrement();
  }

  @Override
  public FileHandle create() throws IOException {
    return tree.create(DRAFTS + "/" + sequence.getAndIncrement(), 0600);
  }

  @Override
  public void delete(FileHandle file) throws IOException {
    tree.unlinkIfPresent(file.path());
  }

  @Override
  public PieceLayer hash(FileHandle file, long size) throws IOException {
    return hasher.layerOf(file, size);
  }

  @Override
  public FollowingHash follow() {
    return new FollowingHash(followers);
  }

  PieceLayer hash(Symlink link) throws IOException {
    return hasher.layerOf(link, link.targetBytes());
  }

  /// Writes a small content, ready to be moved into place.
  Installer.Item write(SmallFile small) throws IOException {
    if (small.version().kind() == Kind.SYMLINK) {
      return writeLink(small);
    }
    // The folder is its owner's only: the file may have its own mode from the beginning.
    FileHandle file = create(small.version().mode());
    boolean done = false;
    try (file) {
      file.write(0, small.bytes().duplicate());
      FileStat stat = file.dressed(small.version().mode(), FileStat.nanos(small.version().mtime()));
      done = true;
      return item(small, file.path(), stat, small.layer());
    } finally {
      if (!done) {
        tree.unlinkIfPresent(file.path());
      }
    }
  }

  private Installer.Item writeLink(SmallFile small) throws IOException {
    byte[] target = new byte[small.bytes().remaining()];
    small.bytes().duplicate().get(target);
    String path = newPath();
    FileStat stat = tree.makeLink(target, path, FileStat.nanos(small.version().mtime()));
    return item(small, path, stat, null);
  }

  private static Installer.Item item(
      SmallFile small, String path, FileStat stat, @Nullable PieceLayer layer) {
    return new Installer.Item(
        small.name(),
        small.version().content(),
        small.version().number(),
        false,
        small.reason(),
        path,
        stat,
        layer);
  }

  /// A content as the target of a symlink; what can be none is refused when it is made one.
  byte[] target(ReadyContent content) throws IOException {
    long size = content.content().size();
    byte[] bytes = new byte[(int) Math.min(size, Version.TARGET_BYTES_MAX + 1)];
    try (FileHandle file = tree.open(content.path())) {
      var _ = LocalOpenFile.readFully(file, 0, ByteBuffer.wrap(bytes));
    }
    return bytes;
  }

  ReadyContent copyOf(Path source) {
    try {
      BasicFileAttributes before = Files.readAttributes(source, BasicFileAttributes.class);
      if (!before.isRegularFile()) {
        throw new UsageException(source + " is not a file; put shares files only");
      }
      ReadyContent copy;
      try (FileChannel in = FileChannel.open(source)) {
        copy = copyOf((position, target) -> in.read(target, position), before.size());
      }
      BasicFileAttributes after = Files.readAttributes(source, BasicFileAttributes.class);
      if (after.size() != before.size()
          || !after.lastModifiedTime().equals(before.lastModifiedTime())) {
        discard(copy);
        throw new IOException("it changed while it was read; try again when it is still");
      }
      return copy;
    } catch (NoSuchFileException e) {
      throw new UsageException("there is no file " + source, e);
    } catch (IOException e) {
      throw Failures.of("can't copy " + source, e);
    }
  }

  /// The target of a symlink anywhere on this machine.
  ReadyContent copyOfLink(Path link) {
    Path folder = Objects.requireNonNull(link.toAbsolutePath().getParent());
    try (ShareTree above = ShareTree.open(folder)) {
      Symlink opened = above.openLink(link.getFileName().toString());
      return copyOf(opened, opened.targetBytes());
    } catch (NoSuchFileException e) {
      throw new UsageException("there is no symlink " + link, e);
    } catch (IOException e) {
      throw Failures.of("can't read the symlink " + link, e);
    }
  }

  ReadyContent copyOf(ByteSource source, long size) throws IOException {
    FileHandle file = create(0600);
    boolean done = false;
    try (file) {
      file.allocate(size);
      ByteBuffer buffer = ByteBuffer.allocateDirect(Math.clamp(size, 1, COPY_BYTES));
      for (long at = 0; at < size; ) {
        buffer.clear();
        if (source.read(at, buffer) < 0) {
          throw new IOException("it became shorter while it was read; try again");
        }
        int count = buffer.flip().remaining();
        file.write(at, buffer);
        at += count;
      }
      PieceLayer layer = hasher.layerOf(file, size);
      done = true;
      return new ReadyContent(layer.content(), layer, file.path());
    } finally {
      if (!done) {
        tree.unlinkIfPresent(file.path());
      }
    }
  }

  /// Moves a copy to where it outlives a crash; on disk when this returns.
  String prepare(ReadyContent copy) {
    String path = Share.PREPARED + "/" + UUID.randomUUID();
    try {
      try (FileHandle file = tree.open(copy.path())) {
        file.sync();
      }
      tree.moveToNew(copy.path(), path);
      tree.syncParents(path, false);
      return path;
    } catch (IOException e) {
      throw Failures.of("can't keep a file that is to be committed", e);
    }
  }

  /// What was prepared, hashed again; nothing if it is gone.
  Optional<ReadyContent> prepared(String path, ContentId expected) {
    try {
      if (tree.stat(path).isEmpty()) {
        return Optional.empty();
      }
      try (FileHandle file = tree.open(path)) {
        PieceLayer layer = hasher.layerOf(file, expected.size());
        if (!layer.content().equals(expected)) {
          throw new FailedException("the disk damaged a file that was to be committed: " + path);
        }
        return Optional.of(new ReadyContent(expected, layer, path));
      }
    } catch (IOException e) {
      throw Failures.of("can't read a file that was to be committed", e);
    }
  }

  void tidyPrepared(Set<String> kept) throws IOException {
    Set<String> names = new HashSet<>();
    tree.list(Share.PREPARED, (fd, name) -> ShareTree.decoded(name).ifPresent(names::add));
    for (String name : names) {
      String path = Share.PREPARED + "/" + name;
      if (!kept.contains(path)) {
        tree.unlinkIfPresent(path);
      }
    }
  }

  void discard(ReadyContent content) {
    try {
      tree.unlinkIfPresent(content.path());
      forgetState(content);
    } catch (IOException e) {
      throw Failures.of("can't delete a temporary file", e);
    }
  }

  /// A finished download has no use for its bitmap once its bytes are elsewhere.
  void forgetState(ReadyContent content) throws IOException {
    String state = Partial.stateOf(content);
    if (state != null) {
      tree.unlinkIfPresent(state);
    }
  }

  /// What is written from here on is hashed by who closes it.
  @Override
  public void close() {
    followers.shutdown();
  }
}
