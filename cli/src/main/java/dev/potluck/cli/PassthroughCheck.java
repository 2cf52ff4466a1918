package dev.potluck.cli;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Pattern;

/// Whether the kernel can read in a mount by itself what lies on this machine, as far as that can
/// be known without mounting: a kernel may have been built without it.
final class PassthroughCheck {
  /// `FUSE_PASSTHROUGH` came with 6.9 (linux/fuse.h, 7.40).
  private static final int MAJOR = 6;

  private static final int MINOR = 9;

  /// A bit of CapEff in /proc/self/status (linux/capability.h).
  private static final int CAP_SYS_ADMIN = 21;

  private static final Pattern RELEASE = Pattern.compile("(\\d{1,6})\\.(\\d{1,6}).*");
  private static final Pattern CAPABILITIES =
      Pattern.compile("^CapEff:\\s*([0-9a-f]{1,16})$", Pattern.MULTILINE);

  /// Who is root in a user namespace of its own is not root for the kernel.
  private static final Pattern ALL_USERS = Pattern.compile("\\s*0\\s+0\\s+4294967295\\s*");

  private PassthroughCheck() {}

  /// Of this process.
  static Check ofProcess() {
    return of(
        System.getProperty("os.version", "?"),
        text(Path.of("/proc/self/status")),
        text(Path.of("/proc/self/uid_map")));
  }

  /// @param release the kernel's, as uname(1) says it
  /// @param status what /proc/self/status says
  /// @param users what /proc/self/uid_map says
  static Check of(String release, String status, String users) {
    var admin = hasAdmin(status) && ALL_USERS.matcher(users).matches();
    return Check.optional(
        "FUSE passthrough",
        isNewEnough(release) && admin,
        "Linux " + release + ", CAP_SYS_ADMIN " + (admin ? "yes" : "no"),
        "up --mount works without it; with Linux 6.9 or newer, and as root (CAP_SYS_ADMIN), the"
            + " kernel itself reads there what lies on this machine");
  }

  private static boolean isNewEnough(String release) {
    var numbers = RELEASE.matcher(release);
    if (!numbers.matches()) {
      return false;
    }
    var major = Integer.parseInt(numbers.group(1));
    return major > MAJOR || (major == MAJOR && Integer.parseInt(numbers.group(2)) >= MINOR);
  }

  private static boolean hasAdmin(String status) {
    var bits = CAPABILITIES.matcher(status);
    return bits.find() && ((Long.parseUnsignedLong(bits.group(1), 16) >>> CAP_SYS_ADMIN) & 1) == 1;
  }

  private static String text(Path file) {
    try (var in = Files.newInputStream(file)) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException _) {
      return "";
    }
  }
}
