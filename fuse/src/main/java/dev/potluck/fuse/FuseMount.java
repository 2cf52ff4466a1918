package dev.potluck.fuse;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.Duration;
import java.util.NoSuchElementException;
import java.util.Optional;

/// A mounted file system. Thread-safe.
///
/// When the process dies the kernel ends the connection; the mount stays, and says "Transport
/// endpoint is not connected", until the next [#mount] there takes it away.
public final class FuseMount implements AutoCloseable {
  private static final Logger LOG = System.getLogger(FuseMount.class.getName());
  private static final Duration BEGIN = Duration.ofSeconds(10);
  private static final Duration PROBE = Duration.ofSeconds(5);
  // Who ends a mount has 5 s in all; what does not end then ends with the process. Longer than the
  // session waits for its last notices and requests.
  private static final Duration END = Duration.ofSeconds(4);
  private static final Duration WAKE = Duration.ofMillis(200);
  private static final int O_PATH = 010000000;
  private static final int LEFT_BEHIND_MAX = 16;

  private final Path mountpoint;
  private final Mounter mounter;
  private final Session session;
  private final Features features;
  private final String name;

  private FuseMount(
      Path mountpoint, Mounter mounter, Session session, Features features, String name) {
    this.mountpoint = mountpoint;
    this.mounter = mounter;
    this.session = session;
    this.features = features;
    this.name = name;
  }

  /// Mounts a file system, and returns when the kernel is ready to ask. A mount of the same source
  /// and subtype whose process died is taken away first. Whatever it throws, nothing of it stays
  /// mounted.
  ///
  /// @param mountpoint a directory
  /// @throws ErrnoException EBUSY if such a mount is there and alive; ENOENT without /dev/fuse or,
  ///   for ordinary users, without fusermount3; EPERM if the user may not
  /// @throws IOException if the directory is none
  public static FuseMount mount(Path mountpoint, FileSystem files, MountOptions options)
      throws IOException, InterruptedException {
    Mounter mounter = Mounter.ofThisUser();
    Path directory = locate(mountpoint);
    clear(directory, options, mounter);
    if (!Files.isDirectory(directory)) {
      throw new ErrnoException(Errno.ENOTDIR, "not a directory: " + mountpoint);
    }
    String name = "fuse-" + options.subtype();
    // To its end: who is interrupted in the midst of it could not say whether there is a mount.
    Device device = Apart.callToEnd(name + "-mount", () -> mounter.mount(directory, options));
    Session session = new Session(files, device, options);
    boolean ready = false;
    try {
      session.start();
      Features features = session.awaitReady(BEGIN).orElseThrow(FuseMount::noAgreement);
      readAhead(directory, options.readAheadBytes());
      ready = true;
      return new FuseMount(directory, mounter, session, features, name);
    } finally {
      if (!ready) {
        takeBack(directory, mounter, session, name);
      }
    }
  }

  private static ErrnoException noAgreement() {
    return new ErrnoException(
        Errno.EIO,
        "the kernel's FUSE does not agree with ours; needed is 7.%d or later (Linux 5.4)"
            .formatted(Handshake.MINOR_LEAST));
  }

  /// Takes away a mount that did not come to be.
  private static void takeBack(Path directory, Mounter mounter, Session session, String name)
      throws InterruptedException {
    try {
      Apart.callToEnd(name + "-unmount", () -> mounter.detach(directory));
    } catch (IOException e) {
      LOG.log(Level.WARNING, "{0} is not unmounted: {1}", directory, e.getMessage());
    }
    session.closeSoon();
  }

  /// The kernel takes less from INIT than a disk of its own would read ahead, never more; more is
  /// set in sysfs.
  private static void readAhead(Path directory, int bytes) {
    if (bytes == 0) {
      return;
    }
    try {
      MountTable.Mounted mounted = MountTable.at(directory).orElseThrow();
      Path setting = Path.of("/sys/class/bdi", mounted.device(), "read_ahead_kb");
      Files.writeString(setting, Integer.toString(bytes >> 10));
    } catch (IOException | NoSuchElementException e) {
      LOG.log(Level.DEBUG, "the kernel reads ahead as it does", e);
    }
  }

  /// The path of a mountpoint as the kernel has it in its table. What is mounted there is not
  /// looked at: behind a mount whose process died nothing can be, and if it died in the midst of
  /// something nothing ever answers.
  ///
  /// @throws IOException if the folder it lies in cannot be found
  public static Path locate(Path mountpoint) throws IOException {
    Path absolute = mountpoint.toAbsolutePath().normalize();
    Path parent = absolute.getParent();
    Path last = absolute.getFileName();
    if (parent == null || last == null) {
      return absolute;
    }
    Path located = parent.toRealPath().resolve(last);
    boolean mounted = MountTable.at(located).isPresent();
    return !mounted && Files.isSymbolicLink(located) ? located.toRealPath() : located;
  }

  /// Takes away what a process that died left behind.
  private static void clear(Path directory, MountOptions options, Mounter mounter)
      throws IOException, InterruptedException {
    for (int i = 0; i < LEFT_BEHIND_MAX; i++) {
      Optional<MountTable.Mounted> there = MountTable.at(directory);
      if (there.isEmpty()) {
        return;
      }
      boolean ours = isOf(options, there.get());
      if (isAlive(directory)) {
        if (ours) {
          throw new ErrnoException(Errno.EBUSY, "mounted already, and in use: " + directory);
        }
        return; // somebody's directory like any other
      }
      if (!ours) {
        throw new ErrnoException(
            Errno.ENOTCONN,
            "%s was left behind by another file system (%s); unmount it first"
                .formatted(directory, there.get().type()));
      }
      LOG.log(Level.INFO, "taking away what a process that died left mounted on {0}", directory);
      Apart.call("fuse-unmount", () -> mounter.detach(directory));
    }
  }

  /// Ends the connection of such a mount, whose process was killed and cannot end: a thread of it
  /// may be telling the kernel of a name in a folder, and wait for a request in that folder, which
  /// waits for an answer of the process. Does nothing where no such mount is.
  ///
  /// @param options with the source and subtype it was mounted with
  public static void abort(Path mountpoint, MountOptions options)
      throws IOException, InterruptedException {
    Path directory = locate(mountpoint);
    Optional<MountTable.Mounted> there = MountTable.at(directory);
    if (there.isEmpty() || !isOf(options, there.get())) {
      return;
    }
    LOG.log(Level.INFO, "ending what a process that was killed has mounted on {0}", directory);
    there.get().abort();
    Mounter mounter = Mounter.ofThisUser();
    Apart.call("fuse-unmount", () -> mounter.detach(directory));
  }

  private static boolean isOf(MountOptions options, MountTable.Mounted mounted) {
    return mounted.type().equals("fuse." + options.subtype())
        && mounted.source().equals(options.source());
  }

  /// Whether somebody answers for what is mounted there; who takes long to do so is alive.
  private static boolean isAlive(Path directory) throws IOException, InterruptedException {
    int error = Apart.call("fuse-probe", PROBE, () -> Libc.statfs(directory.toString())).orElse(0);
    return error != -Errno.ENOTCONN.number() && error != -Errno.ECONNABORTED.number();
  }

  public Path mountpoint() {
    return mountpoint;
  }

  /// What was agreed with the kernel.
  public Features features() {
    return features;
  }

  public Notifier notifier() {
    return session.notifier();
  }

  /// Unmounts; nothing may be open there, nobody's working directory may be there.
  ///
  /// @throws ErrnoException EBUSY otherwise, and everything goes on
  public void unmount() throws IOException, InterruptedException {
    if (session.awaitEnd(Duration.ZERO)) {
      detachRemains();
      return;
    }
    Apart.call(
        name + "-unmount",
        () -> {
          mounter.unmount(mountpoint);
          return true;
        });
    awaitEnd();
  }

  /// Unmounts whatever is open: who has something open there sees errors from here on.
  public void unmountForced() throws IOException, InterruptedException {
    if (session.awaitEnd(Duration.ZERO)) {
      detachRemains();
      return;
    }
    Apart.call(
        name + "-unmount",
        () -> {
          // The root, by which the readers can be reached when the path leads there no more.
          int root = Libc.open(mountpoint.toString(), O_PATH | Libc.O_CLOEXEC);
          try {
            boolean over = mounter.detach(mountpoint);
            session.closeSoon();
            if (!over) {
              wakeReaders(root);
            }
          } finally {
            Libc.close(root);
          }
          return true;
        });
    awaitEnd();
  }

  /// Has every reader see that it is to end: each question wakes one of them. When all have ended
  /// and the device is closed, the kernel ends the connection.
  private void wakeReaders(int root) throws IOException, InterruptedException {
    while (session.readersLeft() > 0) {
      // A question that no reader is left for ends with the connection.
      Optional<Integer> _ = Apart.call(name + "-wake", WAKE, () -> Libc.fstatfs(root));
    }
  }

  private void awaitEnd() throws IOException, InterruptedException {
    if (!session.awaitEnd(END)) {
      throw new ErrnoException(
          Errno.ETIMEDOUT, "unmounted, but requests do not end: " + mountpoint);
    }
  }

  /// The connection has ended already: somebody unmounted it, or aborted it.
  private void detachRemains() throws IOException, InterruptedException {
    if (Files.isDirectory(mountpoint, LinkOption.NOFOLLOW_LINKS)) {
      return;
    }
    if (MountTable.at(mountpoint).isPresent() && !isAlive(mountpoint)) {
      Apart.call(name + "-unmount", () -> mounter.detach(mountpoint));
    }
  }

  /// @return whether the mount is gone, by us or by others
  public boolean awaitUnmounted(Duration atMost) throws InterruptedException {
    return session.awaitEnd(atMost);
  }

  /// Unmounts cleanly if that can be, else by force.
  ///
  /// @throws InterruptedIOException if the thread was interrupted while it waited; the flag stays
  ///   set
  @Override
  public void close() throws IOException {
    try {
      unmountSomehow();
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("interrupted while unmounting " + mountpoint);
    }
  }

  private void unmountSomehow() throws IOException, InterruptedException {
    try {
      unmount();
    } catch (ErrnoException e) {
      if (!e.is(Errno.EBUSY)) {
        throw e;
      }
      LOG.log(
          Level.WARNING,
          "{0} is in use and is unmounted all the same: what is open there fails from now on",
          mountpoint);
      unmountForced();
    }
  }
}
