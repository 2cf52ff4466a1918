package dev.potluck.fuse;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/// The backing files that the kernel knows by number (`FUSE_DEV_IOC_BACKING_OPEN`). Thread-safe.
final class Backings {
  private static final Logger LOG = System.getLogger(Backings.class.getName());

  private final Device device;

  Backings(Device device) {
    this.device = device;
  }

  /// Whether this process may register files; tried with one that nobody will miss.
  boolean mayRegister() {
    int file = Libc.memfd("potluck-fuse-probe");
    if (file < 0) {
      return false;
    }
    int id = register(file);
    Libc.close(file);
    if (id > 0) {
      unregister(id);
    }
    return id > 0;
  }

  /// Has the kernel keep a file.
  ///
  /// @return its number, above 0; else a negative errno: EPERM without `CAP_SYS_ADMIN`, ELOOP for a
  ///   file on a file system that itself lies on another (see [MountOptions#backingStackDepth])
  int register(int descriptor) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment map = arena.allocate(BackingMap.LAYOUT);
      new BackingMap(descriptor, 0).write(map, 0);
      return Libc.ioctl(device.descriptor(), Libc.FUSE_DEV_IOC_BACKING_OPEN, map);
    }
  }

  /// The number may be used again; who has the file open keeps it.
  void unregister(int id) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment number = arena.allocate(Integer.BYTES, Integer.BYTES);
      Abi.put32(number, 0, id);
      int result = Libc.ioctl(device.descriptor(), Libc.FUSE_DEV_IOC_BACKING_CLOSE, number);
      if (result < 0) {
        LOG.log(Level.DEBUG, "backing file {0}: {1}", id, Errno.describe(-result));
      }
    }
  }
}
