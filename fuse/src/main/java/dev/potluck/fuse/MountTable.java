package dev.potluck.fuse;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/// The mounts that this process sees (/proc/self/mountinfo, proc_pid_mountinfo(5)).
final class MountTable {
  private static final Path FILE = Path.of("/proc/self/mountinfo");
  private static final Path CONNECTIONS = Path.of("/sys/fs/fuse/connections");

  private MountTable() {}

  /// A mount.
  ///
  /// @param device `major:minor`
  /// @param type `fuse.potluck`
  record Mounted(String device, String mountpoint, String type, String source) {
    /// Has every request there end with ENOTCONN, as its user or root may where fusectl is mounted.
    /// Root can without: by unmounting with force.
    void abort() throws IOException {
      String connection = device.substring(device.indexOf(':') + 1);
      Path file = CONNECTIONS.resolve(connection).resolve("abort");
      if (Files.exists(file)) {
        Files.writeString(file, "1");
      }
    }
  }

  /// What is mounted on a directory; of several the last, which hides the others.
  static Optional<Mounted> at(Path mountpoint) throws IOException {
    return at(mountpoint, Files.readAllLines(FILE));
  }

  static Optional<Mounted> at(Path mountpoint, List<String> lines) {
    String wanted = mountpoint.toString();
    return lines.stream()
        .flatMap(line -> parse(line).stream())
        .filter(mounted -> mounted.mountpoint.equals(wanted))
        .reduce((_, later) -> later);
  }

  /// `36 35 98:0 /root /mountpoint options optional… - type source superoptions`.
  private static Optional<Mounted> parse(String line) {
    int separator = line.indexOf(" - ");
    if (separator < 0) {
      return Optional.empty();
    }
    String[] before = line.substring(0, separator).split(" ", -1);
    String[] after = line.substring(separator + 3).split(" ", -1);
    if (before.length < 5 || after.length < 2) {
      return Optional.empty();
    }
    return Optional.of(
        new Mounted(before[2], unescape(before[4]), unescape(after[0]), unescape(after[1])));
  }

  /// Space, tab, newline and backslash are written as a backslash and three octal digits.
  private static String unescape(String text) {
    if (text.indexOf('\\') < 0) {
      return text;
    }
    StringBuilder plain = new StringBuilder();
    for (int i = 0; i < text.length(); i++) {
      if (text.charAt(i) == '\\' && i + 3 < text.length()) {
        plain.append((char) Integer.parseInt(text.substring(i + 1, i + 4), 8));
        i += 3;
      } else {
        plain.append(text.charAt(i));
      }
    }
    return plain.toString();
  }
}
