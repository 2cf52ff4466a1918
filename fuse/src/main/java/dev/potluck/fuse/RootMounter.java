package dev.potluck.fuse;

import java.nio.file.Path;

/// Mounts with mount(2).
final class RootMounter implements Mounter {
  @Override
  public Device mount(Path mountpoint, MountOptions options) throws ErrnoException {
    Device device;
    try {
      device = Device.open();
    } catch (ErrnoException e) {
      throw new ErrnoException(
          e.errno(), e.getMessage() + "; load the kernel's module: modprobe fuse");
    }
    long flags = Libc.MS_NOSUID | Libc.MS_NODEV | (options.readOnly() ? Libc.MS_RDONLY : 0L);
    String data =
        "fd=%d,rootmode=40000,user_id=%d,group_id=%d,default_permissions,max_read=%d%s"
            .formatted(
                device.descriptor(),
                Libc.effectiveUser(),
                Libc.effectiveGroup(),
                Handshake.MAX_BYTES,
                options.allowOther() ? ",allow_other" : "");
    int result =
        Libc.mount(
            options.source(), mountpoint.toString(), "fuse." + options.subtype(), flags, data);
    if (result < 0) {
      device.release();
      throw ErrnoException.of("can't mount on " + mountpoint, -result);
    }
    return device;
  }

  @Override
  public void unmount(Path mountpoint) throws ErrnoException {
    umount(mountpoint, Libc.UMOUNT_NOFOLLOW);
  }

  @Override
  public boolean detach(Path mountpoint) throws ErrnoException {
    umount(mountpoint, Libc.UMOUNT_NOFOLLOW | Libc.MNT_FORCE | Libc.MNT_DETACH);
    return true;
  }

  private static void umount(Path mountpoint, int flags) throws ErrnoException {
    int result = Libc.umount(mountpoint.toString(), flags);
    if (result < 0) {
      throw ErrnoException.of("can't unmount " + mountpoint, -result);
    }
  }
}
