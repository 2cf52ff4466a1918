package dev.potluck.peer;

import java.io.IOException;
import java.nio.file.ClosedWatchServiceException;
import java.nio.file.FileSystems;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.nio.file.StandardWatchEventKinds;
import java.nio.file.WatchEvent;
import java.nio.file.WatchKey;
import java.nio.file.WatchService;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;

/// Hints that something in the share changed, from the JDK's WatchService. Only hints: the kernel
/// drops events in bursts, and folders beyond its limit or PATH_MAX are not watched at all.
final class FolderWatch implements AutoCloseable {
  private static final System.Logger LOG = System.getLogger(FolderWatch.class.getName());

  private final Path share;
  private final Runnable hint;
  private final WatchService service;
  private final Map<WatchKey, String> keys = new ConcurrentHashMap<>();
  private final Set<String> watched = ConcurrentHashMap.newKeySet();
  private final AtomicBoolean warned = new AtomicBoolean();
  private final Thread thread;

  FolderWatch(Path share, Runnable hint) throws IOException {
    this.share = share;
    this.hint = hint;
    this.service = FileSystems.getDefault().newWatchService();
    this.thread = Thread.ofPlatform().name("share-watch").daemon().unstarted(this::run);
  }

  void start() {
    thread.start();
  }

  /// Watches a folder, if it is not watched yet.
  ///
  /// @param folder relative to the share; "" is the share
  void add(String folder) {
    if (!watched.add(folder)) {
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
    } catch (ClosedWatchServiceException e) {
      watched.remove(folder);
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
        boolean meant = false;
        for (WatchEvent<?> event : key.pollEvents()) {
          meant |= !isOwn(key, event);
        }
        if (!key.reset()) {
          String folder = keys.remove(key);
          if (folder != null) {
            watched.remove(folder);
          }
          meant = true;
        }
        if (meant) {
          hint.run();
        }
      }
    } catch (ClosedWatchServiceException | InterruptedException e) {
      // The end of the share.
    }
  }

  private boolean isOwn(WatchKey key, WatchEvent<?> event) {
    return "".equals(keys.get(key))
        && event.context() instanceof Path name
        && name.toString().equals(".potluck");
  }

  @Override
  public void close() throws IOException {
    service.close();
  }
}
