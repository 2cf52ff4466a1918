package dev.potluck.fuse;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Mounts with the set-user-ID program `fusermount3`, which opens the device and hands it over by a
/// socket (`_FUSE_COMMFD`). It adds nosuid and nodev itself.
final class Fusermount implements Mounter {
  /// The program, and what it was called before.
  private static final List<String> NAMES = List.of("fusermount3", "fusermount");

  private static final List<String> USUAL_PLACES = List.of("/usr/bin", "/bin", "/usr/local/bin");

  @Override
  public Device mount(Path mountpoint, MountOptions options)
      throws ErrnoException, InterruptedException {
    List<String> words = new ArrayList<>();
    words.add("fsname=" + options.source());
    words.add("subtype=" + options.subtype());
    words.add("default_permissions");
    words.add("nosuid");
    words.add("nodev");
    words.add("max_read=" + Handshake.MAX_BYTES);
    if (options.readOnly()) {
      words.add("ro");
    }
    if (options.allowOther()) {
      words.add("allow_other");
    }
    List<String> command =
        List.of(program(), "-o", String.join(",", words), "--", mountpoint.toString());
    HandedDescriptor handed = HandedDescriptor.from(command, "_FUSE_COMMFD");
    if (handed.descriptor() >= 0) {
      return new Device(handed.descriptor());
    }
    throw new ErrnoException(
        Errno.EPERM, "can't mount on " + mountpoint + ": " + said(handed.message(), command));
  }

  @Override
  public void unmount(Path mountpoint) throws ErrnoException, InterruptedException {
    run(mountpoint, "-u");
  }

  @Override
  public boolean detach(Path mountpoint) throws ErrnoException, InterruptedException {
    run(mountpoint, "-u", "-z");
    return false;
  }

  private static void run(Path mountpoint, String... flags)
      throws ErrnoException, InterruptedException {
    List<String> command = new ArrayList<>();
    command.add(program());
    command.addAll(List.of(flags));
    command.add("--");
    command.add(mountpoint.toString());
    HandedDescriptor result = HandedDescriptor.from(command, "_FUSE_COMMFD");
    if (result.exitStatus() != 0) {
      boolean busy = result.message().contains("busy");
      throw new ErrnoException(
          busy ? Errno.EBUSY : Errno.EPERM,
          "can't unmount " + mountpoint + ": " + said(result.message(), command));
    }
  }

  static String said(String message, List<String> command) {
    if (message.isBlank()) {
      return command.getFirst() + " failed";
    }
    boolean closed = message.contains(Device.PATH) && message.contains("Permission denied");
    return message.strip()
        + (closed ? ". Let users open it, as udev does: chmod 666 " + Device.PATH : "");
  }

  /// The program's path.
  static String program() throws ErrnoException {
    String path = Optional.ofNullable(System.getenv("PATH")).orElse("");
    return find(path)
        .orElseThrow(
            () ->
                new ErrnoException(
                    Errno.ENOENT,
                    "fusermount3 is not installed, and without it only root can mount. Install it:"
                        + " apt install fuse3 (Fedora and Arch: fuse3 too)"));
  }

  /// The program in the folders of a PATH, or where it usually is.
  static Optional<String> find(String path) {
    List<String> folders = new ArrayList<>(List.of(path.split(File.pathSeparator, -1)));
    folders.addAll(USUAL_PLACES);
    for (String name : NAMES) {
      for (String folder : folders) {
        if (folder.startsWith("/") && Files.isExecutable(Path.of(folder, name))) {
          return Optional.of(Path.of(folder, name).toString());
        }
      }
    }
    return Optional.empty();
  }
}
