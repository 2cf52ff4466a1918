package dev.potluck.fuse;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/// In which mode each node is open, so that all opens of a node agree: the kernel answers EIO to an
/// open that differs (fs/fuse/iomode.c). The first open of a node chooses; while it is open, others
/// follow. Thread-safe.
final class OpenModes {
  private static final Logger LOG = System.getLogger(OpenModes.class.getName());

  /// With passthrough the kernel takes no flags but these.
  private static final int WITH_PASSTHROUGH =
      Opened.DIRECT_IO | Opened.NOFLUSH | Opened.PARALLEL_DIRECT_WRITES;

  private final ConcurrentHashMap<Long, Mode> byNode = new ConcurrentHashMap<>();
  private final Backings backings;
  private final boolean passthrough;

  /// @param passthrough whether the kernel takes backing files from this process
  OpenModes(Backings backings, boolean passthrough) {
    this.backings = backings;
    this.passthrough = passthrough;
  }

  /// A node is opened: what to tell the kernel. Closes the backing file.
  OpenOut enter(long node, Opened opened) {
    Mode mode =
        byNode.compute(
            node,
            (_, known) -> {
              Mode now = known == null ? new Mode(choose(opened.backing())) : known;
              now.opens++;
              return now;
            });
    opened.backing().ifPresent(BackingFile::close);
    return mode.backingId == 0
        ? new OpenOut(opened.handle(), opened.flags(), 0)
        : new OpenOut(
            opened.handle(),
            Opened.PASSTHROUGH | (opened.flags() & WITH_PASSTHROUGH & ~Opened.DIRECT_IO),
            mode.backingId);
  }

  /// An open of a node is over, or never came to be.
  void leave(long node) {
    byNode.computeIfPresent(
        node,
        (_, mode) -> {
          mode.opens--;
          if (mode.opens > 0) {
            return mode;
          }
          if (mode.backingId != 0) {
            backings.unregister(mode.backingId);
          }
          return null;
        });
  }

  private int choose(Optional<BackingFile> wanted) {
    if (wanted.isEmpty() || !passthrough) {
      return 0;
    }
    int id = backings.register(wanted.get().descriptor());
    if (id <= 0) {
      LOG.log(Level.DEBUG, "a file is not passed through: {0}", Errno.describe(-id));
      return 0;
    }
    return id;
  }

  /// How many nodes are open.
  int size() {
    return byNode.size();
  }

  private static final class Mode {
    final int backingId; // 0: reads and writes come to us
    int opens; // guarded by the bin of byNode

    Mode(int backingId) {
      this.backingId = backingId;
    }
  }
}
