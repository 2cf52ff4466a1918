package dev.potluck.doors;

import dev.potluck.content.Kind;
import dev.potluck.content.Name;
import dev.potluck.fuse.NodeTable;
import dev.potluck.fuse.Notifier;
import dev.potluck.fuse.Request;
import dev.potluck.peer.PartyFiles;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.lang.foreign.MemorySegment;
import java.time.Duration;
import java.time.Instant;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/// Tells the kernel what has changed, so that it can believe the rest for long. Thread-safe.
final class Freshness {
  /// With more changes than this at once all names are asked for again, which is cheaper.
  private static final int MANY = 1_000;

  private static final Logger LOG = System.getLogger(Freshness.class.getName());
  private static final Duration HEARD = Duration.ofSeconds(1);

  private final PartyFiles files;
  private final NodeTable<MountNode> nodes;
  private final FolderTimes times;

  /// Folders that went while the kernel knew them.
  private final Set<String> gone = ConcurrentHashMap.newKeySet();

  private final AtomicLong changes = new AtomicLong();
  private volatile @Nullable Notifier notifier;

  Freshness(PartyFiles files, NodeTable<MountNode> nodes, FolderTimes times) {
    this.files = files;
    this.nodes = nodes;
    this.times = times;
  }

  void begin(Notifier kernel) {
    notifier = kernel;
  }

  /// Names have changed; they can be seen already.
  void changed(Set<Name> names) {
    synchronized (this) {
      changes.incrementAndGet();
      notifyAll();
    }
    long nowNs = nowNs();
    Notifier kernel = notifier;
    if (kernel == null) {
      return;
    }
    try {
      boolean all = names.size() > MANY && kernel.expireAllEntries();
      for (Name name : names) {
        changed(kernel, name, all, nowNs);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /// What a node has is something else now; whoever has it open sees that.
  void contentChanged(MountNode node) {
    long number = nodes.numberOf(node);
    Notifier kernel = notifier;
    if (kernel == null || number == 0) {
      return;
    }
    try {
      kernel.invalidateContent(number, 0, 0);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /// The same, with what is at its end: whoever appends to it next does so where it ends now, which
  /// the kernel would not ask for.
  ///
  /// @param offset where the bytes lie
  void contentChanged(MountNode node, long offset, MemorySegment end) {
    contentChanged(node);
    long number = nodes.numberOf(node);
    Notifier kernel = notifier;
    if (kernel == null || number == 0 || end.byteSize() == 0) {
      return;
    }
    try {
      kernel.store(number, offset, end);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /// Waits until the kernel has heard what it was told, for a moment at most: who has locked a file
  /// is to see what is current. For requests of `setlk` only.
  void awaitHeard() throws InterruptedException {
    Notifier kernel = notifier;
    if (kernel != null && !kernel.await(HEARD)) {
      LOG.log(Level.DEBUG, "the kernel is busy: it hears later what has changed");
    }
  }

  /// Tells of the name in the folder it lies in, and of that folder in the one above if it has come
  /// or gone with the name.
  private void changed(Notifier kernel, Name name, boolean expired, long nowNs)
      throws InterruptedException {
    String path = name.value();
    while (true) {
      int slash = path.lastIndexOf('/');
      String folder = slash < 0 ? "" : path.substring(0, slash);
      times.changed(folder, nowNs);
      long number = nodes.numberOf(new MountNode.Folder(folder));
      if (number != 0) {
        if (!expired) {
          tell(kernel, number, path, path.substring(slash + 1));
        }
        // The listing that the kernel has, and the folder's time; a new name has no entry yet whose
        // end would do that.
        kernel.invalidateContent(number, 0, 0);
        if (slash < 0 || isAsBefore(folder)) {
          return;
        }
      } else if (slash < 0) {
        return;
      }
      path = folder;
    }
  }

  /// A folder that is still one is only looked up again: taking its entry away would take it from
  /// programs that work in it.
  private void tell(Notifier kernel, long folder, String path, String component)
      throws InterruptedException {
    if (isFolder(path)) {
      kernel.expireEntry(folder, component);
    } else {
      kernel.invalidateEntry(folder, component);
    }
  }

  private boolean isFolder(String path) {
    return files.isFolder(path)
        || files.find(path).filter(entry -> entry.version().kind() == Kind.FOLDER).isPresent();
  }

  /// Whether a folder that the kernel knows neither went with the name nor came back with it.
  private boolean isAsBefore(String folder) {
    return isFolder(folder) ? !gone.remove(folder) : !gone.add(folder);
  }

  static long nowNs() {
    Instant now = Instant.now();
    return now.getEpochSecond() * 1_000_000_000L + now.getNano();
  }

  /// How often something has changed.
  long changes() {
    return changes.get();
  }

  /// An answer may be overtaken by the news that it is stale: then the kernel hears that again
  /// after it.
  ///
  /// @param before {@link #changes} before the answer was looked up
  void recheck(Request request, long before, long folder, String component) {
    request.afterAnswer(
        () -> {
          Notifier kernel = notifier;
          if (changes.get() != before && kernel != null) {
            try {
              kernel.expireEntry(folder, component);
            } catch (InterruptedException e) {
              Thread.currentThread().interrupt();
            }
          }
        });
  }

  /// Waits until something has changed since.
  ///
  /// @return whether something has
  synchronized boolean awaitChange(long before, long deadlineNanos) throws InterruptedException {
    while (changes.get() == before) {
      long leftMillis = (deadlineNanos - System.nanoTime()) / 1_000_000;
      if (leftMillis <= 0) {
        return false;
      }
      wait(leftMillis);
    }
    return true;
  }
}
