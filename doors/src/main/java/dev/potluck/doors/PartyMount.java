package dev.potluck.doors;

import dev.potluck.content.FailedException;
import dev.potluck.content.UsageException;
import dev.potluck.fuse.ErrnoException;
import dev.potluck.fuse.FuseMount;
import dev.potluck.fuse.MountOptions;
import dev.potluck.peer.PartyEdits;
import dev.potluck.peer.PartyFiles;
import dev.potluck.peer.PartyLocks;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.stream.Stream;

/// The party's files as a directory of this machine: `potluck up --mount DIR`. Until it is closed;
/// what a process that died left mounted is taken away by the next one.
public final class PartyMount implements AutoCloseable {
  private static final Logger LOG = System.getLogger(PartyMount.class.getName());
  private static final String NAME = "potluck";

  private final FuseMount mount;

  private PartyMount(FuseMount mount) {
    this.mount = mount;
  }

  /// Checks where it is to be, before anything is started.
  ///
  /// @param share the peer's own folder
  /// @throws UsageException if one lies in the other
  public static void check(Path mountpoint, Path share) {
    Path mounted = real(mountpoint);
    Path shared = real(share);
    if (mounted.startsWith(shared)) {
      throw new UsageException(
          "--mount " + mountpoint + " lies in the share " + share + ": mount somewhere else");
    }
    if (shared.startsWith(mounted)) {
      throw new UsageException(
          "the share " + share + " lies in --mount " + mountpoint + ": mount somewhere else");
    }
  }

  /// The path without symlinks, as far as it exists.
  private static Path real(Path path) {
    Path absolute = path.toAbsolutePath().normalize();
    try {
      return FuseMount.locate(absolute);
    } catch (IOException e) {
      Path parent = absolute.getParent();
      Path last = absolute.getFileName();
      return parent == null || last == null ? absolute : real(parent).resolve(last);
    }
  }

  /// Ends by force what a peer that was killed has mounted, if it is there still: the kernel may be
  /// waiting in it for an answer that nobody gives any more, and keep its process.
  public static void abort(Path mountpoint) throws InterruptedException {
    try {
      FuseMount.abort(mountpoint, MountOptions.of(NAME, NAME));
    } catch (IOException e) {
      throw new FailedException(
          "the mount on %s hangs, and cannot be ended: %s; try umount -f %s"
              .formatted(mountpoint, e.getMessage(), mountpoint),
          e);
    }
  }

  /// Mounts; what is there can be seen when this returns.
  ///
  /// @param mountpoint an empty folder, made if it is not there
  /// @param readTimeout how long a read waits for what has to be fetched
  /// @throws FailedException saying what is missing
  public static PartyMount open(
      PartyFiles files, PartyEdits edits, PartyLocks locks, Path mountpoint, Duration readTimeout)
      throws InterruptedException {
    try {
      prepare(mountpoint);
      MountedFiles mounted = new MountedFiles(files, edits, locks, owner(), readTimeout);
      return new PartyMount(FuseMount.mount(mountpoint, mounted, options(files)));
    } catch (ErrnoException e) {
      throw new FailedException("cannot mount on " + mountpoint + ": " + e.getMessage(), e);
    } catch (IOException e) {
      throw new FailedException("cannot mount on " + mountpoint + ": " + e, e);
    }
  }

  private static void prepare(Path mountpoint) throws IOException {
    if (!Files.isDirectory(mountpoint)) {
      try {
        Files.createDirectories(mountpoint);
      } catch (FileAlreadyExistsException e) {
        // A file, or what a process that died left mounted: mounting will tell.
        return;
      }
    }
    try (Stream<Path> inside = Files.list(mountpoint)) {
      if (inside.findAny().isPresent()) {
        throw new UsageException(
            "--mount " + mountpoint + " is not empty: mount on an empty folder");
      }
    }
  }

  private static MountedFiles.Owner owner() throws IOException {
    Path self = Path.of("/proc/self");
    int uid = (Integer) Files.getAttribute(self, "unix:uid");
    int gid = (Integer) Files.getAttribute(self, "unix:gid");
    return new MountedFiles.Owner(uid, gid);
  }

  private static MountOptions options(PartyFiles files) throws IOException {
    boolean stacked = files.disk().type().equals("overlay");
    return MountOptions.of(NAME, NAME)
        .withExplicitInvalidation(true)
        .withLocks(true)
        .withBackingStackDepth(stacked ? 2 : 1);
  }

  /// Returns when it was unmounted, by whomever.
  public boolean awaitUnmounted(Duration atMost) throws InterruptedException {
    return mount.awaitUnmounted(atMost);
  }

  /// Unmounts, also what is in use.
  @Override
  public void close() {
    try {
      mount.close();
    } catch (IOException e) {
      LOG.log(Level.WARNING, "unmounting {0}: {1}", mount.mountpoint(), e.getMessage());
    }
  }
}
