package dev.potluck.doors;

import dev.potluck.content.ConflictException;
import dev.potluck.content.Name;
import dev.potluck.content.PotluckException;
import dev.potluck.content.Version;
import dev.potluck.fuse.AttributeChange;
import dev.potluck.fuse.Attributes;
import dev.potluck.fuse.BackingFile;
import dev.potluck.fuse.Created;
import dev.potluck.fuse.DirectoryEntries;
import dev.potluck.fuse.Entry;
import dev.potluck.fuse.Errno;
import dev.potluck.fuse.ErrnoException;
import dev.potluck.fuse.Features;
import dev.potluck.fuse.FileMode;
import dev.potluck.fuse.FileRange;
import dev.potluck.fuse.FileSystem;
import dev.potluck.fuse.HandleTable;
import dev.potluck.fuse.NodeTable;
import dev.potluck.fuse.Notifier;
import dev.potluck.fuse.Opcode;
import dev.potluck.fuse.OpenFlags;
import dev.potluck.fuse.Opened;
import dev.potluck.fuse.RecordLock;
import dev.potluck.fuse.Rename;
import dev.potluck.fuse.Request;
import dev.potluck.fuse.Stat;
import dev.potluck.fuse.Statfs;
import dev.potluck.peer.Draft;
import dev.potluck.peer.DraftShape;
import dev.potluck.peer.FolderItem;
import dev.potluck.peer.OpenFile;
import dev.potluck.peer.PartyEdits;
import dev.potluck.peer.PartyFiles;
import dev.potluck.peer.PartyLocks;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.file.FileStore;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// The party's files for the kernel: looked up and listed in memory, opened on the local disk where
/// they are there, else read while they are fetched; written as drafts. Thread-safe.
final class MountedFiles implements FileSystem {
  /// The kernel hears of changes, and need not ask.
  private static final Duration VALID = Duration.ofHours(1);

  /// A name that is not there is asked for again soon: a folder may have gone and come back.
  private static final Duration ABSENT = Duration.ofSeconds(1);

  /// How long an open waits for the next version of a file that was changed a moment ago.
  private static final Duration SETTLING = Duration.ofSeconds(3);

  private static final long LOOK_NANOS = 100_000_000L;

  /// Files below this the kernel reads through us, and keeps in its cache: passing an open through
  /// costs as much as reading so little, and what it reads by itself cannot follow a lock.
  private static final long PASSTHROUGH_BYTES_LEAST = 1 << 20;

  private static final int FOLDER_PERMISSIONS = 0755;
  private static final int NAME_BYTES_MAX = 255;

  /// What a listing began with, filled by its first readdir.
  private static final class Listing {
    @Nullable List<FolderItem> items;

    /// Those of which a draft may stand for the name.
    Set<String> drafts = Set.of();

    /// {@link Freshness#changes} before.
    long changes;
  }

  private final PartyFiles files;
  private final PartyEdits edits;
  private final Owner owner;
  private final Duration readTimeout;
  private final NodeTable<MountNode> nodes =
      new NodeTable<>(new MountNode.Folder(""), this::forgotten);
  private final HandleTable<OpenFile> open = new HandleTable<>();
  private final HandleTable<Listing> listings = new HandleTable<>();
  private final FolderTimes times = new FolderTimes(Freshness.nowNs());
  private final Freshness freshness;
  private volatile boolean writesPastCache;
  private final FileFacts facts;
  private final MountedWrites writes;
  private final MountedLocks locks;

  /// Whose the files are said to be: the kernel checks permissions against that.
  record Owner(int uid, int gid) {}

  /// @param readTimeout how long a read waits for what has to be fetched
  MountedFiles(
      PartyFiles files, PartyEdits edits, PartyLocks locks, Owner owner, Duration readTimeout) {
    this.files = files;
    this.edits = edits;
    this.owner = owner;
    this.readTimeout = readTimeout;
    this.freshness = new Freshness(files, nodes, times);
    this.facts = new FileFacts(files);
    this.locks = new MountedLocks(locks, edits, open, freshness, new Now());
    this.writes = new MountedWrites(files, edits, nodes, open, times, freshness, this.locks);
    files.watch(this::changedInParty);
    edits.watch(freshness::changed);
    edits.watchRebased(draft -> freshness.contentChanged(new MountNode.Written(draft)));
  }

  /// A name that has a draft here is the draft; when it is not any more, {@link PartyEdits#watch}
  /// tells.
  private void changedInParty(Set<Name> names) {
    freshness.changed(
        names.stream()
            .filter(name -> edits.draft(name.value()).isEmpty())
            .collect(Collectors.toUnmodifiableSet()));
  }

  private void forgotten(MountNode node) {
    writes.forgotten(node);
    locks.forgotten(node);
  }

  /// What there is now, for whoever has locked a file.
  private final class Now implements MountedLocks.Current {
    @Override
    public Optional<MountNode> find(String path) {
      return found(path);
    }

    @Override
    public OpenFile open(MountNode node) throws IOException, InterruptedException {
      return switch (node) {
        case MountNode.Folder _ -> throw new ErrnoException(Errno.EISDIR);
        case MountNode.File file -> opened(file);
        case MountNode.Written(var draft) -> opened(draft);
      };
    }
  }

  @Override
  public void mounted(Features features, Notifier notifier) {
    writesPastCache = features.writesPastCache();
    freshness.begin(notifier);
  }

  @Override
  public void unmounted() {
    edits.end();
    open.all().forEach(OpenFile::close);
    locks.close();
  }

  @Override
  public boolean mayBlock(Opcode opcode, long node, long handle) {
    return switch (opcode) {
      case LOOKUP, GETATTR, OPENDIR, READDIR, READDIRPLUS, RELEASEDIR, LISTXATTR -> false;
      default -> true;
    };
  }

  @Override
  public boolean readMayBlock(long node, long handle, long offset, int size) {
    OpenFile file = open.find(handle);
    return file == null || !file.isAtHand(offset, size);
  }

  @Override
  public Entry lookup(Request request, long parent, String component) throws IOException {
    MountNode.Folder folder = folder(parent);
    freshness.recheck(request, freshness.changes(), parent, component);
    Optional<MountNode> found = found(folder.child(component));
    if (found.isEmpty() && isGone(folder)) {
      // It has another name: the kernel is to look up all of the path again.
      throw new ErrnoException(Errno.ESTALE);
    }
    return found.map(this::entry).orElseGet(() -> Entry.absent(ABSENT));
  }

  private boolean isGone(MountNode.Folder folder) {
    return !files.isFolder(folder.path())
        && files.find(folder.path()).isEmpty()
        && edits.draftsUnder(folder.path()).isEmpty();
  }

  private Optional<MountNode> found(String path) {
    Optional<Draft> draft = edits.draft(path).filter(d -> !d.isRemoved());
    if (draft.isPresent()) {
      return draft.map(MountNode.Written::new);
    }
    var file = files.find(path).map(entry -> node(entry.name(), entry.version()));
    if (file.isPresent()) {
      return file;
    }
    return files.isFolder(path) ? Optional.of(new MountNode.Folder(path)) : Optional.empty();
  }

  private static MountNode node(Name name, Version version) {
    return switch (version.kind()) {
      case FILE, SYMLINK -> new MountNode.File(name, version);
      case FOLDER -> new MountNode.Folder(name.value());
    };
  }

  private Entry entry(MountNode node) {
    writes.told(node);
    return Entry.of(nodes.lookup(node), attributes(node), VALID);
  }

  private Attributes attributes(MountNode node) {
    Attributes attributes =
        switch (locks.shown(node)) {
          case MountNode.Folder folder ->
              Attributes.directory(folder.ino(), permissions(folder), times.of(folder.path()));
          case MountNode.Written written -> {
            DraftShape shape = shape(written);
            yield Attributes.file(node.ino(), shape.size(), shape.mode(), nanos(shape.mtime()));
          }
          case MountNode.File file -> attributes(node.ino(), file);
        };
    return attributes.ownedBy(owner.uid, owner.gid);
  }

  /// What a draft looks like, or what became of it: the version that it was made may have been
  /// given other attributes since, and the kernel has yet to look its name up again.
  private DraftShape shape(MountNode.Written written) {
    Draft draft = written.draft();
    Optional<Version> made = draft.base();
    String path = writes.nameNow(written).value();
    Optional<Draft> standing = edits.draft(path);
    if (made.isEmpty() || draft.isDirty() || standing.equals(Optional.of(draft))) {
      return draft.shape();
    }
    if (standing.isPresent()) {
      return standing.filter(other -> isSame(other, made.get())).orElse(draft).shape();
    }
    return files
        .find(path)
        .map(entry -> entry.version())
        .filter(now -> now.sameContent(made.get()))
        .map(now -> new DraftShape(now.content().size(), now.mode(), now.mtime()))
        .orElseGet(draft::shape);
  }

  private static boolean isSame(Draft draft, Version version) {
    return draft.base().filter(base -> base.sameContent(version)).isPresent();
  }

  private static Attributes attributes(long ino, MountNode.File file) {
    Version version = file.version();
    long size = version.content().size();
    long mtimeNs = nanos(version.mtime());
    return file.isLink()
        ? Attributes.symlink(ino, size, mtimeNs)
        : Attributes.file(ino, size, version.mode(), mtimeNs);
  }

  private int permissions(MountNode.Folder folder) {
    return files
        .find(folder.path())
        .map(entry -> entry.version().mode())
        .orElse(FOLDER_PERMISSIONS);
  }

  private static long nanos(Instant time) {
    return time.getEpochSecond() * 1_000_000_000L + time.getNano();
  }

  private MountNode.Folder folder(long number) throws ErrnoException {
    if (nodes.get(number) instanceof MountNode.Folder folder) {
      return folder;
    }
    throw new ErrnoException(Errno.ENOTDIR);
  }

  @Override
  public void forget(long node, long lookups) {
    nodes.forget(node, lookups);
  }

  @Override
  public Stat getattr(Request request, long node, OptionalLong handle) throws IOException {
    return new Stat(attributes(nodes.get(node)), VALID);
  }

  @Override
  public Opened opendir(Request request, long node) throws IOException {
    folder(node);
    return Opened.cachedDirectory(listings.add(new Listing()));
  }

  @Override
  public void readdir(
      Request request, long node, long handle, long offset, DirectoryEntries entries)
      throws IOException {
    MountNode.Folder folder = folder(node);
    long before = freshness.changes();
    Listing listing = listings.get(handle);
    List<FolderItem> items = items(listing, folder, offset, before);
    boolean overtaken = listing.changes != before;
    for (int at = Math.toIntExact(offset); at < items.size() + 2; at++) {
      if (at < 2) {
        String name = at == 0 ? "." : "..";
        if (!entries.add(name, folder.ino(), FileMode.DIRECTORY, at + 1L)) {
          return;
        }
      } else {
        FolderItem item = items.get(at - 2);
        boolean asked = overtaken || listing.drafts.contains(item.name());
        Optional<MountNode> now = asked ? found(folder.child(item.name())) : item(folder, item);
        if (now.isPresent()
            && !add(request, before, now.get(), node, item.name(), at + 1L, entries)) {
          return;
        }
      }
    }
  }

  /// Each listing from its begin sees what there is then; one that goes on, the names it began
  /// with, each as it is now: the kernel believes what a listing says for long.
  private List<FolderItem> items(
      Listing listing, MountNode.Folder folder, long offset, long changes) {
    synchronized (listing) {
      List<FolderItem> items = listing.items;
      if (items == null || offset == 0) {
        listing.drafts = drafts(folder);
        items = withNew(files.items(folder.path()), listing.drafts);
        listing.items = items;
        listing.changes = changes;
      }
      return items;
    }
  }

  /// Of what lies right in a folder.
  private Set<String> drafts(MountNode.Folder folder) {
    int from = folder.path().isEmpty() ? 0 : folder.path().length() + 1;
    Set<String> names = new TreeSet<>();
    for (Draft draft : edits.draftsUnder(folder.path())) {
      String path = draft.name().value();
      if (path.indexOf('/', from) < 0) {
        names.add(path.substring(from));
      }
    }
    return names;
  }

  private static List<FolderItem> withNew(List<FolderItem> items, Set<String> drafts) {
    if (drafts.isEmpty()) {
      return items;
    }
    Set<String> fresh = new TreeSet<>(drafts);
    items.forEach(item -> fresh.remove(item.name()));
    List<FolderItem> all = new ArrayList<>(items);
    fresh.forEach(name -> all.add(new FolderItem(name, Optional.empty())));
    return all;
  }

  private static Optional<MountNode> item(MountNode.Folder folder, FolderItem item) {
    return Optional.of(
        item.file()
            .map(file -> node(file.name(), file.version()))
            .orElseGet(() -> new MountNode.Folder(folder.child(item.name()))));
  }

  private boolean add(
      Request request,
      long before,
      MountNode node,
      long folder,
      String name,
      long next,
      DirectoryEntries entries) {
    if (!entries.withAttributes()) {
      return entries.add(name, node.ino(), type(node), next);
    }
    Entry entry = entry(node);
    boolean fitted = entries.add(name, entry, next);
    if (fitted) {
      freshness.recheck(request, before, folder, name);
    } else {
      nodes.forget(entry.node(), 1);
    }
    return fitted;
  }

  private static int type(MountNode node) {
    return switch (node) {
      case MountNode.Folder _ -> FileMode.DIRECTORY;
      case MountNode.File file -> file.isLink() ? FileMode.SYMLINK : FileMode.REGULAR;
      case MountNode.Written _ -> FileMode.REGULAR;
    };
  }

  @Override
  public void releasedir(Request request, long node, long handle) {
    listings.remove(handle);
  }

  @Override
  public Opened open(Request request, long number, int flags)
      throws IOException, InterruptedException {
    MountNode node = nodes.get(number);
    if (node instanceof MountNode.File file && file.isLink()) {
      throw new ErrnoException(Errno.ELOOP); // The kernel follows it, or opens it with O_PATH.
    }
    if (OpenFlags.writes(flags) || (flags & OpenFlags.TRUNCATE) != 0) {
      return written(writes.open(node, flags), flags);
    }
    return switch (node) {
      case MountNode.Folder _ -> throw new ErrnoException(Errno.EISDIR);
      case MountNode.File file -> open(file);
      case MountNode.Written(var draft) -> open(draft);
    };
  }

  /// Whoever only writes needs no copy of it in the kernel's cache, which costs a third of the
  /// time.
  private Opened written(long handle, int flags) {
    boolean past = writesPastCache && OpenFlags.writesOnly(flags);
    return past ? Opened.writtenDirectly(handle) : Opened.keepingCache(handle);
  }

  private Opened open(MountNode.File file) throws IOException, InterruptedException {
    return locks.isLockedOnce(file.path()) ? openMovable(file) : openFixed(file);
  }

  /// A file that programs lock: if it was locked when it was another version than now, it is what
  /// it became then. Closing it gives up locks.
  private Opened openMovable(MountNode.File file) throws IOException, InterruptedException {
    OpenFile opened = new Now().open(locks.shown(file));
    return Opened.keepingCache(open.add(new VersionHandle(file, opened, false)));
  }

  private Opened openFixed(MountNode.File file) throws IOException, InterruptedException {
    OpenFile opened = opened(file);
    OptionalInt descriptor = OptionalInt.empty();
    try {
      if (file.version().content().size() >= PASSTHROUGH_BYTES_LEAST) {
        descriptor = opened.descriptor();
      }
    } catch (IOException | RuntimeException e) {
      opened.close();
      throw e;
    }
    long handle = open.add(new VersionHandle(file, opened, descriptor.isPresent()));
    Opened how =
        descriptor.isPresent()
            ? Opened.passthrough(handle, BackingFile.of(descriptor.getAsInt()))
            : Opened.keepingCache(handle);
    return how.withoutFlush();
  }

  private Opened open(Draft draft) throws IOException {
    return Opened.keepingCache(open.add(opened(draft))).withoutFlush();
  }

  /// ESTALE has the kernel look the name up again: it is a version.
  private static OpenFile opened(Draft draft) throws ErrnoException {
    try {
      return draft.open(false);
    } catch (ConflictException _) {
      throw new ErrnoException(Errno.ESTALE);
    }
  }

  /// A file that was changed in the share a moment ago is a new version in a moment; the old one
  /// may be nowhere any more. ESTALE has the kernel look its name up again.
  private OpenFile opened(MountNode.File file) throws IOException, InterruptedException {
    long deadlineNanos = System.nanoTime() + SETTLING.toNanos();
    while (true) {
      long before = freshness.changes();
      Optional<OpenFile> here = files.openHere(file.version());
      if (here.isPresent()) {
        return here.get();
      }
      if (isReplaced(file)) {
        throw new ErrnoException(Errno.ESTALE);
      }
      long now = System.nanoTime();
      if (now >= deadlineNanos || !files.isChanging(file.name())) {
        return files.openElsewhere(file.name(), file.version(), readTimeout);
      }
      // Not every change makes a version: that of a time or a mode does not.
      freshness.awaitChange(before, Math.min(deadlineNanos, now + LOOK_NANOS));
    }
  }

  private boolean isReplaced(MountNode.File file) {
    return files.find(file.path()).filter(now -> now.version().equals(file.version())).isEmpty();
  }

  @Override
  public MemorySegment read(Request request, long node, long handle, long offset, int size)
      throws IOException, InterruptedException {
    OpenFile file = open.get(handle);
    MemorySegment buffer = request.buffer(size);
    try {
      int count = file.read(offset, buffer.asSlice(0, size).asByteBuffer());
      return buffer.asSlice(0, Math.max(0, count));
    } catch (PotluckException e) {
      throw Failures.errno(nodes.get(node).path(), e);
    }
  }

  @Override
  public void release(Request request, long node, long handle, boolean unlock)
      throws IOException, InterruptedException {
    OpenFile file = open.remove(handle);
    try {
      if (file != null) {
        file.close();
      }
    } finally {
      locks.released(writes.nameNow(nodes.get(node)), handle);
    }
  }

  @Override
  public Optional<RecordLock> getlk(
      Request request, long node, long handle, long lockOwner, RecordLock lock)
      throws IOException, InterruptedException {
    return locks.blocker(writes.nameNow(nodes.get(node)), handle, lockOwner, lock);
  }

  @Override
  public void setlk(
      Request request,
      long node,
      long handle,
      long lockOwner,
      RecordLock lock,
      boolean flock,
      boolean wait)
      throws IOException, InterruptedException {
    MountNode locked = nodes.get(node);
    locks.set(writes.nameNow(locked), locked, handle, lockOwner, lock, flock, wait);
  }

  @Override
  public Created create(Request request, long parent, String component, int mode, int flags)
      throws IOException, InterruptedException {
    MountedWrites.Made made = writes.create(folder(parent), component, mode, flags);
    return new Created(entry(made.node()), written(made.handle(), flags));
  }

  @Override
  public Entry mknod(Request request, long parent, String component, int mode, int rdev)
      throws IOException, InterruptedException {
    if ((mode & FileMode.TYPE) != FileMode.REGULAR) {
      throw new ErrnoException(Errno.EPERM);
    }
    return entry(writes.makeFile(folder(parent), component, mode));
  }

  @Override
  public Entry mkdir(Request request, long parent, String component, int mode)
      throws IOException, InterruptedException {
    return entry(writes.makeFolder(folder(parent), component, mode));
  }

  /// Hard links need a table of what is the same file: there is none in a party.
  @Override
  public Entry link(Request request, long node, long newParent, String newName) throws IOException {
    throw new ErrnoException(Errno.EPERM);
  }

  @Override
  public Entry symlink(Request request, long parent, String component, byte[] target)
      throws IOException, InterruptedException {
    return entry(writes.makeLink(folder(parent), component, target));
  }

  /// Where a link leads is for the program to see that follows it: here it is bytes.
  @Override
  public byte[] readlink(Request request, long node) throws IOException, InterruptedException {
    if (!(nodes.get(node) instanceof MountNode.File file) || !file.isLink()) {
      throw new ErrnoException(Errno.EINVAL);
    }
    long size = file.version().content().size();
    if (size > Version.TARGET_BYTES_MAX) {
      throw leadsNowhere(file);
    }
    byte[] target = new byte[(int) size];
    try (OpenFile opened = opened(file)) {
      int count = opened.read(0, ByteBuffer.wrap(target));
      if (count != target.length || hasNul(target)) {
        throw leadsNowhere(file);
      }
    } catch (PotluckException e) {
      throw Failures.errno(file.path(), e);
    }
    return target;
  }

  private static ErrnoException leadsNowhere(MountNode.File link) {
    return new ErrnoException(Errno.EIO, link.path() + ": no symlink can lead there");
  }

  private static boolean hasNul(byte[] target) {
    for (byte b : target) {
      if (b == 0) {
        return true;
      }
    }
    return false;
  }

  @Override
  public void unlink(Request request, long parent, String component)
      throws IOException, InterruptedException {
    writes.unlink(folder(parent), component);
  }

  @Override
  public void rmdir(Request request, long parent, String component)
      throws IOException, InterruptedException {
    writes.removeFolder(folder(parent), component);
  }

  @Override
  public void rename(
      Request request, long parent, String component, long newParent, String newName, int flags)
      throws IOException, InterruptedException {
    if ((flags & ~Rename.NOREPLACE) != 0) {
      throw new ErrnoException(Errno.EINVAL);
    }
    MountNode.Folder folder = folder(parent);
    writes.rename(
        folder, component, folder(newParent), newName, flags == 0, found(folder.child(component)));
  }

  @Override
  public Stat setattr(Request request, long number, AttributeChange change)
      throws IOException, InterruptedException {
    if (change.uid().orElse(owner.uid) != owner.uid
        || change.gid().orElse(owner.gid) != owner.gid) {
      throw new ErrnoException(Errno.EPERM);
    }
    return new Stat(attributes(writes.setattr(nodes.get(number), change)), VALID);
  }

  @Override
  public int write(Request request, long node, long handle, long offset, MemorySegment data)
      throws IOException, InterruptedException {
    boolean append = (request.openFlags() & OpenFlags.APPEND) != 0;
    return writes.write(handle, offset, data, append);
  }

  @Override
  public void flush(Request request, long node, long handle)
      throws IOException, InterruptedException {
    try {
      writes.flush(handle);
    } finally {
      locks.flushed(writes.nameNow(nodes.get(node)), handle, request.lockOwner());
    }
  }

  @Override
  public void fsync(Request request, long node, long handle, boolean dataOnly)
      throws IOException, InterruptedException {
    writes.fsync(handle);
  }

  /// Names are durable when whoever made them hears of it.
  @Override
  public void fsyncdir(Request request, long node, long handle, boolean dataOnly) {}

  @Override
  public void syncfs(Request request, long node) throws IOException, InterruptedException {
    writes.syncAll();
  }

  @Override
  public void fallocate(Request request, long node, long handle, long offset, long length, int mode)
      throws IOException, InterruptedException {
    writes.allocate(handle, offset, length, mode);
  }

  @Override
  public long lseek(Request request, long node, long handle, long offset, boolean hole)
      throws IOException, InterruptedException {
    return writes.seek(handle, offset, hole, attributes(nodes.get(node)).size());
  }

  @Override
  public long copyFileRange(Request request, FileRange from, FileRange to, long length)
      throws IOException, InterruptedException {
    return writes.copy(from.handle(), from.offset(), to.handle(), to.offset(), length);
  }

  @Override
  public Statfs statfs(Request request, long node) throws IOException {
    FileStore disk = files.disk();
    int block = Math.toIntExact(disk.getBlockSize());
    return new Statfs(
        block,
        disk.getTotalSpace() / block,
        disk.getUnallocatedSpace() / block,
        disk.getUsableSpace() / block,
        files.count(),
        0,
        NAME_BYTES_MAX);
  }

  @Override
  public byte[] getxattr(Request request, long node, String name) throws IOException {
    return switch (nodes.get(node)) {
      case MountNode.Folder _ -> throw new ErrnoException(Errno.ENODATA);
      case MountNode.File file when file.isLink() -> throw new ErrnoException(Errno.ENODATA);
      case MountNode.File file -> facts.get(file, name);
      case MountNode.Written(var draft) ->
          facts.get(
              new MountNode.File(
                  draft.name(), draft.base().orElseThrow(() -> new ErrnoException(Errno.ENODATA))),
              name);
    };
  }

  @Override
  public List<String> listxattr(Request request, long node) throws IOException {
    return switch (nodes.get(node)) {
      case MountNode.Folder _ -> List.of();
      case MountNode.File file -> file.isLink() ? List.of() : FileFacts.NAMES;
      case MountNode.Written _ -> FileFacts.NAMES;
    };
  }

  /// How many files are open through requests of ours.
  int openFiles() {
    return open.size();
  }
}
