package dev.potluck.cli;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// What `doctor` looks at on this machine.
final class Machine {
  private static final int MIN_JAVA = 25;
  private static final long MIN_WATCHES = 65_536;
  private static final long MIN_OPEN_FILES = 4_096;
  private static final long MIN_FREE_BYTES = 1L << 30;
  private static final int PORT = 7420;

  /// Before this version was made: a clock that says so is wrong.
  private static final Instant MADE = Instant.parse("2026-11-01T00:00:00Z");

  private final Surroundings surroundings;

  Machine(Surroundings surroundings) {
    this.surroundings = surroundings;
  }

  List<Check> checks() {
    var checks = new ArrayList<Check>();
    checks.add(java());
    checks.add(maven());
    checks.add(
        Check.of(
            "openat2",
            KernelCalls.hasOpenat2(),
            "Linux " + System.getProperty("os.version"),
            "needs Linux 5.6 or newer, and a sandbox that allows the call"));
    checks.add(
        Check.of(
            "renameat2",
            KernelCalls.hasRenameat2(),
            "Linux " + System.getProperty("os.version"),
            "needs Linux 3.15 or newer, and a sandbox that allows the call"));
    checks.add(watches());
    checks.add(openFiles());
    checks.add(locale());
    checks.add(disk());
    checks.add(port(PORT));
    checks.add(port(PORT + 1));
    checks.add(clock());
    checks.add(fuse());
    checks.add(PassthroughCheck.ofProcess());
    return checks;
  }

  private static Check java() {
    return Check.of(
        "JDK",
        Runtime.version().feature() >= MIN_JAVA,
        System.getProperty("java.runtime.version") + " in " + System.getProperty("java.home"),
        "install JDK 25: apt install openjdk-25-jdk-headless, or Temurin 25");
  }

  private Check maven() {
    var found = onPath("mvn");
    return Check.of(
        "Maven",
        found.isPresent(),
        found.map(Path::toString).orElse("not on PATH"),
        "apt install maven; only needed to build");
  }

  private static Check watches() {
    var limit = number(Path.of("/proc/sys/fs/inotify/max_user_watches"));
    return Check.of(
        "inotify watches",
        limit >= MIN_WATCHES,
        limit + " folders",
        "sysctl fs.inotify.max_user_watches=524288; until then changes are seen by rescans only");
  }

  private static Check openFiles() {
    var limit = 0L;
    try (var lines = Files.lines(Path.of("/proc/self/limits"))) {
      var words =
          lines.filter(line -> line.startsWith("Max open files")).findFirst().orElse("").strip();
      var columns = words.split("\\s{2,}", -1);
      limit =
          columns.length < 2
              ? 0
              : columns[1].equals("unlimited") ? Long.MAX_VALUE : Long.parseLong(columns[1]);
    } catch (IOException | NumberFormatException _) {
      limit = 0;
    }
    return Check.of(
        "open files",
        limit >= MIN_OPEN_FILES,
        String.valueOf(limit),
        "raise the limit: ulimit -n 65536, or LimitNOFILE= in a systemd unit");
  }

  private static Check locale() {
    var encoding = System.getProperty("sun.jnu.encoding", "?");
    return Check.of(
        "locale",
        encoding.equals("UTF-8"),
        encoding,
        "export LC_ALL=C.UTF-8, or names with other letters than English ones are skipped");
  }

  private Check disk() {
    try {
      var free = Files.getFileStore(surroundings.folder()).getUsableSpace();
      return Check.of(
          "disk space here",
          free >= MIN_FREE_BYTES,
          Sizes.shown(free) + " free",
          "make room, or share a folder on another disk");
    } catch (IOException e) {
      return Check.of(
          "disk space here", false, String.valueOf(e.getMessage()), "try another folder");
    }
  }

  private static Check port(int port) {
    try (var socket = new ServerSocket()) {
      socket.setReuseAddress(true);
      socket.bind(new InetSocketAddress(port));
      return Check.ok("port " + port, "free");
    } catch (IOException _) {
      return Check.optional(
          "port " + port, false, "taken", "fine if a peer runs here; else up --listen HOST:PORT");
    }
  }

  private static Check clock() {
    var now = Instant.now();
    return Check.of(
        "clock",
        now.isAfter(MADE),
        now.toString(),
        "set the clock (timedatectl set-ntp true): certificates are checked against it");
  }

  private Check fuse() {
    var device = Files.exists(Path.of("/dev/fuse"));
    var helper = onPath("fusermount3").isPresent();
    return Check.optional(
        "FUSE",
        device && helper,
        "/dev/fuse " + (device ? "yes" : "no") + ", fusermount3 " + (helper ? "yes" : "no"),
        "for up --mount: /dev/fuse from the kernel (modprobe fuse), and for users other than root"
            + " apt install fuse3");
  }

  private Optional<Path> onPath(String program) {
    for (var folder : surroundings.variables().getOrDefault("PATH", "").split(":", -1)) {
      var candidate = Path.of(folder, program);
      if (!folder.isEmpty() && Files.isExecutable(candidate)) {
        return Optional.of(candidate);
      }
    }
    return Optional.empty();
  }

  private static long number(Path file) {
    // Not readString: it reads one byte first, and a sysctl is at its end after the first read.
    try (var reader = Files.newBufferedReader(file)) {
      var line = reader.readLine();
      return line == null ? 0 : Long.parseLong(line.strip());
    } catch (IOException | NumberFormatException _) {
      return 0;
    }
  }
}
