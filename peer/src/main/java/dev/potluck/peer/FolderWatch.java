package dev.potluck.peer;

import dev.potluck.content.Name;
import java.io.IOException;
import java.nio.file.ClosedWatchServiceException;
import java.nio.file.FileSystems;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardWatchEventKinds;
import java.nio.file.WatchEvent;
import java.nio.file.WatchKey;
import java.nio.file.WatchService;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;

/// Hints at what in the share changed, from the JDK's WatchService. Only hints: the kernel drops
/// events in bursts, and folders beyond its limit or PATH_MAX are not watched at all.
final class FolderWatch implements AutoCloseable {
  private static final System.Logger LOG = System.getLogger(FolderWatch.class.getName());

  /// Stands for bytes that are no character, so that they can't be told from others.
  private static final char NOT_UTF_8 = '\uFFFD';

  private final Path share;
  private final Hints hints;
  private final WatchService service;
  private final Map<WatchKey, String> keys = new ConcurrentHashMap<>();

  /// Where a folder was when it was registered, by its inode: a watch follows it wherever it goes.
  private final Map<Long, String> watched = new ConcurrentHashMap<>();

  private final AtomicBoolean warned = new AtomicBoolean();
  private final Thread thread;

  /// Who is told.
  interface Hints {
    /// @param paths of files or folders that came, changed or went, relative to the share
    void touched(Set<String> paths);

    /// Anything may have changed.
    void anything();
  }

  FolderWatch(Path share, Hints hints) throws IOException {
    this.share = share;
    this.hints = hints;
    this.service = FileSystems.getDefault().newWatchService();
    this.thread = Thread.ofPlatform().name("share-watch").daemon().unstarted(this::run);
  }

  void start() {
    thread.start();
  }

  /// Watches a folder, if it is not watched there yet.
  ///
  /// @param folder relative to the share; "" is the share
  void add(String folder, long inode) {
    if (folder.equals(watched.put(inode, folder))) {
      return;
    }
    try {
      WatchKey key =
          share
              .resolve(folder)
              .register(
                  service,
                  StandardWatchEventKinds.ENTRY_CREATE,
                  StandardWatchEventKinds.ENTRY_MODIFY,
                  StandardWatchEventKinds.ENTRY_DELETE);
      keys.put(key, folder);
    } catch (ClosedWatchServiceException | NoSuchFileException e) {
      watched.remove(inode);
    } catch (IOException | InvalidPathException e) {
      if (warned.compareAndSet(false, true)) {
        LOG.log(
            System.Logger.Level.INFO,
            "not every folder can be watched ({0}); changes there are seen at the next rescan",
            e.getMessage());
      }
    }
  }

  private void run() {
    try {
      while (true) {
        WatchKey key = service.take();
        boolean lost = false;
        Set<String> touched = new HashSet<>();
        String folder = keys.get(key);
        for (WatchEvent<?> event : key.pollEvents()) {
          lost |= folder == null || event.kind().equals(StandardWatchEventKinds.OVERFLOW);
          if (event.context() instanceof Path name) {
            lost |= name.toString().indexOf(NOT_UTF_8) >= 0;
            touched.add(folder == null || folder.isEmpty() ? name.toString() : folder + "/" + name);
          }
        }
        touched.remove(Name.RESERVED);
        if (!key.reset()) {
          keys.remove(key);
          watched.values().removeIf(path -> path.equals(folder));
          lost = true;
        }
        if (lost) {
          hints.anything();
        } else if (!touched.isEmpty()) {
          hints.touched(touched);
        }
      }
    } catch (ClosedWatchServiceException | InterruptedException e) {
      // The end of the share.
    }
  }

  @Override
  public void close() throws IOException {
    service.close();
  }
}
