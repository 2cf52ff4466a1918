package dev.potluck.doors;

import dev.potluck.content.ConflictException;
import dev.potluck.content.Name;
import dev.potluck.content.PotluckException;
import dev.potluck.directory.LockMode;
import dev.potluck.fuse.Errno;
import dev.potluck.fuse.ErrnoException;
import dev.potluck.fuse.HandleTable;
import dev.potluck.fuse.RecordLock;
import dev.potluck.peer.Draft;
import dev.potluck.peer.DraftHandle;
import dev.potluck.peer.FileLock;
import dev.potluck.peer.OpenFile;
import dev.potluck.peer.PartyEdits;
import dev.potluck.peer.PartyLocks;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/// The locks of flock(2) and fcntl(2), for {@link MountedFiles}. Whoever has locked a file reads
/// and writes what is current, however long it has had it open; before a lock is given up, what was
/// written is made the party's. Thread-safe.
///
/// A node cannot change for an open file: so the node of a version shows another one from then on,
/// to all that have it open.
final class MountedLocks {
  private static final Logger LOG = System.getLogger(MountedLocks.class.getName());

  /// How many names are remembered that were locked once.
  private static final int LOCKED_MAX = 10_000;

  /// What of a file's end the kernel is given: the page it lies in.
  private static final int PAGE_BYTES = 4096;

  private final PartyLocks locks;
  private final PartyEdits edits;
  private final HandleTable<OpenFile> open;
  private final Freshness freshness;
  private final Current current;

  /// What the nodes of versions show that somebody has locked.
  private final Map<MountNode.File, MountNode> shown = new ConcurrentHashMap<>();

  private final Set<String> lockedOnce =
      Collections.newSetFromMap(
          Collections.synchronizedMap(
              new LinkedHashMap<>() {
                @Override
                protected boolean removeEldestEntry(Map.Entry<String, Boolean> eldest) {
                  return size() > LOCKED_MAX;
                }
              }));

  /// What there is now.
  interface Current {
    Optional<MountNode> find(String path);

    /// Opens a version for reading, or what is being written.
    OpenFile open(MountNode node) throws IOException, InterruptedException;
  }

  MountedLocks(
      PartyLocks locks,
      PartyEdits edits,
      HandleTable<OpenFile> open,
      Freshness freshness,
      Current current) {
    this.locks = locks;
    this.edits = edits;
    this.open = open;
    this.freshness = freshness;
    this.current = current;
  }

  /// What a node has for those who have it open.
  MountNode shown(MountNode node) {
    return node instanceof MountNode.File file ? shown.getOrDefault(file, file) : node;
  }

  /// The kernel knows a node no more.
  void forgotten(MountNode node) {
    if (node instanceof MountNode.File file) {
      shown.remove(file);
    }
  }

  /// Whether a file is one that programs lock: it must be able to become another version while it
  /// is open.
  boolean isLockedOnce(String path) {
    return lockedOnce.contains(path);
  }

  /// Whether what was locked through an open file was lost.
  boolean isLost(long handle) {
    return locks.isLost(handle);
  }

  /// Takes a lock, or gives it up.
  ///
  /// @throws ErrnoException EAGAIN, EDEADLK; ENOLCK if the directory is away; ESTALE if the kernel
  ///   reads an older version by itself: open it again
  void set(
      Name name,
      MountNode node,
      long handle,
      long owner,
      RecordLock lock,
      boolean flock,
      boolean wait)
      throws IOException, InterruptedException {
    PartyLocks.Kind kind = flock ? PartyLocks.Kind.FLOCK : PartyLocks.Kind.FCNTL;
    boolean unlocking = lock.type() == RecordLock.Type.UNLOCKED;
    boolean had = locks.holds(name, kind, owner, handle);
    try {
      if (had) {
        save(name);
      }
    } finally {
      if (unlocking) {
        locks.release(name, kind, owner, handle, lock.start(), lock.end());
      }
    }
    if (!unlocking) {
      lockedOnce.add(name.value());
      taken(name, kind, asked(handle, owner, lock), wait);
      follow(name, node, kind, asked(handle, owner, lock));
    }
  }

  private static FileLock asked(long handle, long owner, RecordLock lock) {
    LockMode mode = lock.type() == RecordLock.Type.SHARED ? LockMode.SHARED : LockMode.EXCLUSIVE;
    return new FileLock(owner, handle, lock.start(), lock.end(), mode, lock.pid());
  }

  private void save(Name name) throws ErrnoException, InterruptedException {
    try {
      edits.save(name);
    } catch (PotluckException e) {
      throw Failures.errnoOfSaving(name.value(), e);
    }
  }

  private void taken(Name name, PartyLocks.Kind kind, FileLock wanted, boolean wait)
      throws ErrnoException, InterruptedException {
    PartyLocks.Outcome outcome;
    try {
      outcome = locks.take(name, kind, wanted, wait);
    } catch (PotluckException e) {
      throw Failures.errnoOfLock(name.value(), e);
    }
    switch (outcome) {
      case TAKEN -> {}
      case BUSY -> throw new ErrnoException(Errno.EAGAIN);
      case DEADLOCK -> throw new ErrnoException(Errno.EDEADLK);
    }
  }

  /// Has the open file be what is current.
  private void follow(Name name, MountNode node, PartyLocks.Kind kind, FileLock taken)
      throws IOException, InterruptedException {
    boolean followed = false;
    try {
      switch (node) {
        case MountNode.Folder _ -> throw new ErrnoException(Errno.EISDIR);
        case MountNode.File file -> move(name, file, taken.handle());
        case MountNode.Written(var draft) -> catchUp(draft, taken.handle());
      }
      freshness.awaitHeard();
      followed = true;
    } catch (PotluckException e) {
      throw Failures.errnoOfChange(name.value(), e);
    } finally {
      if (!followed) {
        locks.release(name, kind, taken.owner(), taken.handle(), taken.first(), taken.last());
      }
    }
  }

  private void catchUp(Draft draft, long handle) throws IOException, InterruptedException {
    if (draft.catchUp() && open.get(handle) instanceof DraftHandle file) {
      long end = draft.shape().size();
      long from = Math.max(0, end - 1) & -PAGE_BYTES;
      freshness.contentChanged(
          new MountNode.Written(draft), from, read(file, from, (int) (end - from)));
    }
  }

  private static MemorySegment read(DraftHandle file, long from, int count)
      throws IOException, InterruptedException {
    ByteBuffer buffer = ByteBuffer.allocate(count);
    while (buffer.hasRemaining() && file.read(from + buffer.position(), buffer) > 0) {
      // Until the end, or the page is full.
    }
    return MemorySegment.ofArray(buffer.array()).asSlice(0, buffer.position());
  }

  /// Has the node of a version show what is current, if it does not.
  private void move(Name name, MountNode.File node, long handle)
      throws IOException, InterruptedException {
    Optional<MountNode> now = current.find(name.value());
    if (now.isEmpty() || now.get() instanceof MountNode.Folder) {
      return; // It was deleted: who has it open keeps it.
    }
    MountNode target = now.get();
    synchronized (shown) {
      if (target instanceof MountNode.File && target.equals(shown(node))) {
        return;
      }
      if (isPassedThrough(node)) {
        throw new ErrnoException(
            Errno.ESTALE, name + " is another version now, which the kernel can't read here");
      }
      for (VersionHandle reader : readers(node)) {
        reader.moveTo(current.open(target));
      }
      shown.put(node, target);
    }
    freshness.contentChanged(node);
    LOG.log(Level.DEBUG, "{0} is what is current for handle {1}", name, handle);
  }

  private boolean isPassedThrough(MountNode.File node) {
    return readers(node).stream().anyMatch(VersionHandle::isPassedThrough);
  }

  private List<VersionHandle> readers(MountNode.File node) {
    List<VersionHandle> readers = new ArrayList<>();
    for (OpenFile file : open.all()) {
      if (file instanceof VersionHandle reader && reader.node().equals(node)) {
        readers.add(reader);
      }
    }
    return readers;
  }

  /// Who would be in the way of a lock.
  Optional<RecordLock> blocker(Name name, long handle, long owner, RecordLock lock)
      throws ErrnoException, InterruptedException {
    if (lock.type() == RecordLock.Type.UNLOCKED) {
      return Optional.empty();
    }
    try {
      return locks
          .blocker(name, PartyLocks.Kind.FCNTL, asked(handle, owner, lock))
          .map(MountedLocks::told);
    } catch (PotluckException e) {
      throw Failures.errnoOfLock(name.value(), e);
    }
  }

  private static RecordLock told(FileLock lock) {
    RecordLock.Type type =
        lock.mode() == LockMode.SHARED ? RecordLock.Type.SHARED : RecordLock.Type.EXCLUSIVE;
    return new RecordLock(lock.first(), lock.last(), type, lock.pid());
  }

  /// A descriptor was closed: the process gives up what it has locked by fcntl.
  void flushed(Name name, long handle, long owner) throws ErrnoException, InterruptedException {
    if (!locks.holds(name, PartyLocks.Kind.FCNTL, owner, handle)) {
      return;
    }
    try {
      save(name);
    } finally {
      locks.release(name, PartyLocks.Kind.FCNTL, owner, handle, 0, Long.MAX_VALUE);
    }
  }

  /// The last descriptor of an open file is gone, and all that was locked through it. Nobody hears
  /// why something could not be saved, but the log.
  void released(Name name, long handle) throws InterruptedException {
    if (!locks.holds(handle)) {
      return;
    }
    try {
      edits.save(name);
    } catch (ConflictException e) {
      LOG.log(Level.INFO, "{0} is not saved: {1}", name, e.getMessage());
    } catch (PotluckException e) {
      LOG.log(Level.WARNING, "{0} is not saved: {1}", name, e.getMessage());
    } finally {
      locks.closed(handle);
    }
  }

  /// Nothing is open any more.
  void close() {
    locks.close();
  }
}
