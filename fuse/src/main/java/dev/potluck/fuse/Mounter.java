package dev.potluck.fuse;

import java.nio.file.Path;

/// How a mount comes and goes: by system calls for root, by `fusermount3` for others.
sealed interface Mounter permits RootMounter, Fusermount {
  /// Mounts.
  ///
  /// @return the connection; the first request will be INIT
  Device mount(Path mountpoint, MountOptions options) throws ErrnoException, InterruptedException;

  /// Unmounts if nothing there is in use.
  ///
  /// @throws ErrnoException EBUSY if something is
  void unmount(Path mountpoint) throws ErrnoException, InterruptedException;

  /// Takes a mount out of sight, in use or not, and has who uses it see errors.
  ///
  /// @return whether also the connection has ended; else that is up to its readers
  boolean detach(Path mountpoint) throws ErrnoException, InterruptedException;

  /// That of this process.
  static Mounter ofThisUser() {
    return Libc.effectiveUser() == 0 ? new RootMounter() : new Fusermount();
  }
}
