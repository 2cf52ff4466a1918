package dev.potluck.doors;

import dev.potluck.content.ConflictException;
import dev.potluck.content.Kind;
import dev.potluck.content.Name;
import dev.potluck.content.PotluckException;
import dev.potluck.content.Version;
import dev.potluck.directory.Entry;
import dev.potluck.fuse.AttributeChange;
import dev.potluck.fuse.Errno;
import dev.potluck.fuse.ErrnoException;
import dev.potluck.fuse.HandleTable;
import dev.potluck.fuse.NodeTable;
import dev.potluck.fuse.OpenFlags;
import dev.potluck.peer.DiskFullException;
import dev.potluck.peer.Draft;
import dev.potluck.peer.DraftHandle;
import dev.potluck.peer.OpenFile;
import dev.potluck.peer.PartyEdits;
import dev.potluck.peer.PartyFiles;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.ConcurrentHashMap;

/// What changes the party's files, for {@link MountedFiles}. Thread-safe.
///
/// A file is written through the node of its draft. Whoever opens a version's node to write is told
/// that it is stale (ESTALE), once its name has a draft: the kernel then looks the name up again,
/// finds the draft's node, and opens that. The program notices nothing.
final class MountedWrites {
  private static final int KEEP_SIZE = 1;
  private static final int PUNCH_HOLE = 2;
  private static final int ZERO_RANGE = 16;
  private static final int COPY_BYTES = 1 << 20;
  private static final long COPY_MAX = 64L << 20;

  private final PartyFiles files;
  private final PartyEdits edits;
  private final NodeTable<MountNode> nodes;
  private final HandleTable<OpenFile> open;
  private final FolderTimes times;
  private final Freshness freshness;
  private final MountedLocks locks;

  /// What the kernel knows under a number that has another name since.
  private final Map<MountNode, String> movedTo = new ConcurrentHashMap<>();

  /// The drafts that the kernel knows, by name, also those that are versions now.
  private final Map<String, MountNode.Written> known = new ConcurrentHashMap<>();

  MountedWrites(
      PartyFiles files,
      PartyEdits edits,
      NodeTable<MountNode> nodes,
      HandleTable<OpenFile> open,
      FolderTimes times,
      Freshness freshness,
      MountedLocks locks) {
    this.freshness = freshness;
    this.locks = locks;
    this.files = files;
    this.edits = edits;
    this.nodes = nodes;
    this.open = open;
    this.times = times;
  }

  /// The kernel knows a node no more.
  void forgotten(MountNode node) {
    String moved = movedTo.remove(node);
    if (node instanceof MountNode.Written) {
      known.remove(moved == null ? node.path() : moved, node);
    }
  }

  /// The kernel is about to know a node.
  void told(MountNode node) {
    if (node instanceof MountNode.Written written) {
      known.put(written.path(), written);
    }
  }

  /// Something that may fail in the ways of the party.
  private interface Change<T> {
    T make() throws IOException, InterruptedException;
  }

  private static <T> T changed(String path, Change<T> change)
      throws IOException, InterruptedException {
    try {
      return change.make();
    } catch (PotluckException e) {
      throw Failures.errnoOfChange(path, e);
    } catch (DiskFullException e) {
      throw new ErrnoException(Errno.ENOSPC);
    }
  }

  private static void save(String path, DraftHandle handle, Saving saving)
      throws IOException, InterruptedException {
    try {
      saving.save(handle);
    } catch (PotluckException e) {
      throw Failures.errnoOfSaving(path, e);
    }
  }

  private interface Saving {
    void save(DraftHandle handle) throws InterruptedException;
  }

  /// The name of something in a folder that is about to be made.
  ///
  /// @throws ErrnoException ENAMETOOLONG, or EPERM for what is Potluck's own
  static Name name(MountNode.Folder folder, String component) throws ErrnoException {
    String path = folder.child(component);
    if (Name.isValid(path)) {
      return Name.of(path);
    }
    boolean tooLong =
        component.getBytes(StandardCharsets.UTF_8).length > Name.MAX_COMPONENT_BYTES
            || path.getBytes(StandardCharsets.UTF_8).length > Name.MAX_BYTES;
    throw new ErrnoException(tooLong ? Errno.ENAMETOOLONG : Errno.EPERM);
  }

  private void touched(MountNode.Folder folder) {
    times.changed(folder.path(), Freshness.nowNs());
  }

  /// What a file is called now; the kernel may not have heard yet that it has another name.
  private Name nameNow(MountNode.File file) {
    String moved = movedTo.get(file);
    return moved == null ? file.name() : Name.of(moved);
  }

  /// What a file is called now.
  Name nameNow(MountNode node) throws ErrnoException {
    return switch (node) {
      case MountNode.Folder _ -> throw new ErrnoException(Errno.EISDIR);
      case MountNode.File file -> nameNow(file);
      case MountNode.Written written -> nameNow(written);
    };
  }

  Name nameNow(MountNode.Written written) {
    String moved = movedTo.get(written);
    return moved == null ? written.draft().name() : Name.of(moved);
  }

  /// Opens a file that is to be written.
  ///
  /// @return a handle of {@link #open}
  long open(MountNode node, int flags) throws IOException, InterruptedException {
    return switch (node) {
      case MountNode.Folder _ -> throw new ErrnoException(Errno.EISDIR);
      case MountNode.File file ->
          changed(
              file.path(),
              () -> {
                var _ = edits.edit(nameNow(file));
                throw new ErrnoException(Errno.ESTALE);
              });
      case MountNode.Written written -> changed(node.path(), () -> open(written, flags));
    };
  }

  private long open(MountNode.Written written, int flags) throws IOException, InterruptedException {
    Draft draft = written.draft();
    Optional<DraftHandle> handle =
        edits.draft(draft.name().value()).filter(now -> now == draft).isPresent()
            ? entered(draft, true)
            : Optional.empty();
    if (handle.isEmpty()) {
      var _ = edits.edit(nameNow(written));
      throw new ErrnoException(Errno.ESTALE);
    }
    return opened(handle.get(), flags);
  }

  /// @param saving whether closing it makes a version
  private static Optional<DraftHandle> entered(Draft draft, boolean saving) {
    try {
      return Optional.of(draft.open(saving));
    } catch (ConflictException _) {
      return Optional.empty(); // It does not stand for its name any more.
    }
  }

  private long opened(DraftHandle handle, int flags) throws IOException, InterruptedException {
    boolean done = false;
    try {
      if ((flags & OpenFlags.TRUNCATE) != 0) {
        empty(handle);
      }
      done = true;
      return open.add(handle);
    } finally {
      if (!done) {
        handle.close();
      }
    }
  }

  /// Truncates a file. One that was empty gets another time, at once: it is not to be locked for as
  /// long as it is open, since `9>lock` comes before flock(2).
  private static void empty(DraftHandle handle) throws IOException, InterruptedException {
    Draft draft = handle.draft();
    if (draft.shape().size() == 0 && draft.base().isPresent()) {
      draft.dress(Optional.empty(), Optional.of(Instant.now()));
      handle.save();
    } else {
      draft.resize(0);
    }
  }

  /// A file that was made and opened.
  record Made(MountNode node, long handle) {}

  Made create(MountNode.Folder folder, String component, int mode, int flags)
      throws IOException, InterruptedException {
    Name name = name(folder, component);
    return changed(
        name.value(),
        () -> {
          Draft draft = made(name, mode, (flags & OpenFlags.EXCLUSIVE) != 0);
          DraftHandle handle =
              entered(draft, true).orElseThrow(() -> new ErrnoException(Errno.ESTALE));
          Made made = new Made(new MountNode.Written(draft), opened(handle, flags));
          touched(folder);
          return made;
        });
  }

  private Draft made(Name name, int mode, boolean exclusive)
      throws IOException, InterruptedException {
    try {
      return edits.create(name, mode);
    } catch (FileAlreadyExistsException e) {
      if (exclusive) {
        throw e;
      }
      return edits.edit(name);
    }
  }

  /// Makes an empty file without opening it.
  MountNode makeFile(MountNode.Folder folder, String component, int mode)
      throws IOException, InterruptedException {
    Made made = create(folder, component, mode, OpenFlags.EXCLUSIVE);
    OpenFile handle = open.remove(made.handle);
    if (handle != null) {
      handle.close();
    }
    return made.node;
  }

  int write(long handle, long offset, MemorySegment data, boolean append)
      throws IOException, InterruptedException {
    DraftHandle file = writable(handle);
    ByteBuffer bytes = data.asByteBuffer();
    int count = bytes.remaining();
    return changed(
        file.draft().name().value(),
        () -> {
          if (file.write(offset, bytes, append) != offset) {
            // The kernel thought that the end was elsewhere, and keeps the bytes there.
            freshness.contentChanged(new MountNode.Written(file.draft()));
          }
          return count;
        });
  }

  private DraftHandle writable(long handle) throws ErrnoException {
    if (!(open.get(handle) instanceof DraftHandle draft)) {
      throw new ErrnoException(Errno.EBADF);
    }
    if (locks.isLost(handle)) {
      throw new ErrnoException(Errno.EIO, draft.draft().name() + ": its lock was lost");
    }
    return draft;
  }

  void flush(long handle) throws IOException, InterruptedException {
    if (open.get(handle) instanceof DraftHandle file) {
      save(file.draft().name().value(), file, DraftHandle::flush);
    }
  }

  void fsync(long handle) throws IOException, InterruptedException {
    if (open.get(handle) instanceof DraftHandle file) {
      save(file.draft().name().value(), file, DraftHandle::sync);
    }
  }

  void syncAll() throws IOException, InterruptedException {
    changed(
        "",
        () -> {
          edits.sync();
          return true;
        });
  }

  /// Changes attributes.
  ///
  /// @return the node that has them now
  MountNode setattr(MountNode node, AttributeChange change)
      throws IOException, InterruptedException {
    return switch (node) {
      case MountNode.Folder folder -> dress(folder, change);
      case MountNode.File file -> changed(file.path(), () -> dress(file, change));
      case MountNode.Written written ->
          changed(
              node.path(),
              () -> {
                boolean saving = !isSavedLater(written.draft());
                Optional<DraftHandle> handle = entered(written.draft(), saving);
                return handle.isPresent()
                    ? dress(node, handle.get(), change, saving)
                    : dress(version(written), change);
              });
    };
  }

  private static Optional<Integer> mode(AttributeChange change) {
    return change.mode().isPresent()
        ? Optional.of(change.mode().getAsInt() & Version.MODE_MASK)
        : Optional.empty();
  }

  private static Optional<Instant> mtime(AttributeChange change) {
    if (change.mtimeNow()) {
      return Optional.of(Instant.now());
    }
    OptionalLong given = change.mtime();
    return given.isPresent()
        ? Optional.of(
            Instant.ofEpochSecond(
                Math.floorDiv(given.getAsLong(), 1_000_000_000L),
                Math.floorMod(given.getAsLong(), 1_000_000_000L)))
        : Optional.empty();
  }

  private MountNode dress(MountNode.Folder folder, AttributeChange change)
      throws IOException, InterruptedException {
    mtime(change)
        .ifPresent(
            at ->
                times.changed(folder.path(), at.getEpochSecond() * 1_000_000_000L + at.getNano()));
    Optional<Integer> mode = mode(change);
    if (mode.isPresent()) {
      if (folder.path().isEmpty()) {
        throw new ErrnoException(Errno.EPERM);
      }
      Name name = Name.of(folder.path());
      Optional<Version> own = files.find(folder.path()).map(Entry::version);
      changed(
          folder.path(),
          () ->
              own.isPresent()
                  ? edits.dress(name, own.get(), mode, Optional.empty())
                  : edits.makeFolder(name, mode.get()));
    }
    return folder;
  }

  private MountNode dress(MountNode.File file, AttributeChange change)
      throws IOException, InterruptedException {
    if (file.isLink() && (change.size().isPresent() || change.mode().isPresent())) {
      throw new ErrnoException(Errno.EOPNOTSUPP); // As on a disk: a link has but its times.
    }
    Name name = nameNow(file);
    if (change.size().isPresent()) {
      var _ = edits.edit(name);
      throw new ErrnoException(Errno.ESTALE);
    }
    Optional<Integer> mode = mode(change);
    Optional<Instant> mtime = mtime(change);
    if (mode.isEmpty() && mtime.isEmpty()) {
      return file;
    }
    Version now =
        files
            .find(name.value())
            .map(Entry::version)
            .filter(version -> version.sameContent(file.version()))
            .orElseThrow(() -> new ErrnoException(Errno.ESTALE));
    return new MountNode.File(name, edits.dress(name, now, mode, mtime));
  }

  /// What a draft is that does not stand for its name any more.
  private MountNode.File version(MountNode.Written written) throws ErrnoException {
    Version version = written.draft().base().orElseThrow(() -> new ErrnoException(Errno.ESTALE));
    return new MountNode.File(nameNow(written), version);
  }

  /// Whether somebody has changed it and has yet to close it: other attributes become a version
  /// with what was written.
  private boolean isSavedLater(Draft draft) {
    return draft.isDirty()
        && open.all().stream()
            .anyMatch(
                file ->
                    file instanceof DraftHandle handle
                        && handle.draft() == draft
                        && handle.isWriting());
  }

  /// Whoever has no file open waits until it is saved; others do when they close it.
  ///
  /// @param handle closed by this
  private static MountNode dress(
      MountNode node, DraftHandle handle, AttributeChange change, boolean saving)
      throws IOException, InterruptedException {
    Draft draft = handle.draft();
    try (handle) {
      if (change.size().isPresent()) {
        draft.resize(change.size().getAsLong());
      }
      Optional<Integer> mode = mode(change);
      Optional<Instant> mtime = mtime(change);
      if (mode.isPresent() || mtime.isPresent()) {
        draft.dress(mode, mtime);
      }
      if (saving) {
        save(draft.name().value(), handle, DraftHandle::save);
      }
    }
    return node;
  }

  MountNode makeFolder(MountNode.Folder folder, String component, int mode)
      throws IOException, InterruptedException {
    Name name = name(folder, component);
    if (files.find(name.value()).isPresent()
        || files.isFolder(name.value())
        || edits.draft(name.value()).isPresent()) {
      throw new ErrnoException(Errno.EEXIST);
    }
    var _ = changed(name.value(), () -> edits.makeFolder(name, mode));
    touched(folder);
    return new MountNode.Folder(name.value());
  }

  MountNode makeLink(MountNode.Folder folder, String component, byte[] target)
      throws IOException, InterruptedException {
    Name name = name(folder, component);
    Version made = changed(name.value(), () -> edits.makeLink(name, target));
    touched(folder);
    return new MountNode.File(name, made);
  }

  void unlink(MountNode.Folder folder, String component) throws IOException, InterruptedException {
    Name name = name(folder, component);
    changed(
        name.value(),
        () -> {
          edits.delete(name);
          return true;
        });
    touched(folder);
  }

  void removeFolder(MountNode.Folder folder, String component)
      throws IOException, InterruptedException {
    Name name = name(folder, component);
    boolean folderThere =
        files.find(name.value()).filter(e -> e.version().kind() == Kind.FOLDER).isPresent()
            || files.isFolder(name.value());
    if (!folderThere) {
      throw new ErrnoException(Errno.ENOENT);
    }
    changed(
        name.value(),
        () -> {
          edits.deleteFolder(name);
          return true;
        });
    touched(folder);
  }

  /// @param moved what the kernel knows under the old name
  void rename(
      MountNode.Folder folder,
      String component,
      MountNode.Folder newFolder,
      String newComponent,
      boolean replacing,
      Optional<MountNode> moved)
      throws IOException, InterruptedException {
    Name from = name(folder, component);
    Name to = name(newFolder, newComponent);
    changed(
        from.value(),
        () -> {
          edits.rename(from, to, replacing);
          return true;
        });
    moved
        .filter(node -> node instanceof MountNode.File && nodes.numberOf(node) != 0)
        .ifPresent(node -> movedTo.put(node, to.value()));
    movedDraft(from, to);
    touched(folder);
    touched(newFolder);
  }

  private void movedDraft(Name from, Name to) {
    MountNode.Written written = known.remove(from.value());
    if (written != null) {
      known.put(to.value(), written);
      if (!written.draft().name().equals(to)) {
        movedTo.put(written, to.value()); // It is a version now, and was not renamed itself.
      }
    }
  }

  void allocate(long handle, long offset, long length, int mode)
      throws IOException, InterruptedException {
    DraftHandle file = writable(handle);
    long end = Math.addExact(offset, length);
    boolean keepsSize = (mode & KEEP_SIZE) != 0;
    int how = mode & ~KEEP_SIZE;
    if (how != 0 && how != ZERO_RANGE && !(how == PUNCH_HOLE && keepsSize)) {
      throw new ErrnoException(Errno.EOPNOTSUPP);
    }
    changed(
        file.draft().name().value(),
        () -> {
          if (how != 0) {
            file.zero(offset, end);
          }
          if (!keepsSize && end > file.draft().shape().size()) {
            file.draft().resize(end);
          }
          return true;
        });
  }

  long seek(long handle, long offset, boolean hole, long size)
      throws IOException, InterruptedException {
    long found =
        open.get(handle) instanceof DraftHandle draft
            ? draft.seek(offset, hole)
            : offset >= size ? -1 : hole ? size : offset;
    if (found < 0) {
      throw new ErrnoException(Errno.ENXIO);
    }
    return found;
  }

  long copy(long fromHandle, long fromOffset, long toHandle, long toOffset, long length)
      throws IOException, InterruptedException {
    OpenFile from = open.get(fromHandle);
    DraftHandle to = writable(toHandle);
    long wanted = Math.min(length, COPY_MAX);
    ByteBuffer buffer = ByteBuffer.allocateDirect(Math.clamp(wanted, 0, COPY_BYTES));
    return changed(
        to.draft().name().value(),
        () -> {
          long copied = 0;
          while (copied < wanted) {
            buffer.clear().limit((int) Math.min(buffer.capacity(), wanted - copied));
            if (from.read(fromOffset + copied, buffer) <= 0) {
              break;
            }
            int count = buffer.flip().remaining();
            var _ = to.write(toOffset + copied, buffer, false);
            copied += count;
          }
          return copied;
        });
  }
}
