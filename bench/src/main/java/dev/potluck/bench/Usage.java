package dev.potluck.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/// What processes have used so far, as the kernel counts it.
///
/// @param cpuSeconds of all threads, and of children that have ended
/// @param peakBytes the most that was resident at once since the start or {@link #forgetPeaks}
/// @param residentBytes what is now
record Usage(double cpuSeconds, long peakBytes, long residentBytes) {
  /// USER_HZ, which is 100 on every Linux that Java 25 runs on.
  private static final double TICKS_PER_SECOND = 100;

  private static final int UTIME = 11;
  private static final int CUTIME = 13;
  private static final int CSTIME = 14;

  /// Of a process and its children, and of theirs.
  static Usage of(ProcessHandle process) throws IOException {
    Usage all = of(process.pid());
    for (ProcessHandle child : process.descendants().toList()) {
      all = all.and(child);
    }
    return all;
  }

  /// A child may end between being listed and being looked at.
  private Usage and(ProcessHandle child) throws IOException {
    try {
      Usage one = of(child.pid());
      return new Usage(
          cpuSeconds + one.cpuSeconds,
          peakBytes + one.peakBytes,
          residentBytes + one.residentBytes);
    } catch (IOException e) {
      if (child.isAlive()) {
        throw e;
      }
      return this;
    }
  }

  /// What children of this process have used that have ended.
  static double endedChildrenCpuSeconds() throws IOException {
    List<String> fields = statFields(Files.readString(Path.of("/proc/self/stat")));
    return seconds(fields, CUTIME, CSTIME);
  }

  /// Begins the peaks of a process and its children anew.
  static void forgetPeaks(ProcessHandle process) throws IOException {
    Files.writeString(Path.of("/proc", Long.toString(process.pid()), "clear_refs"), "5");
    for (ProcessHandle child : process.descendants().toList()) {
      try {
        Files.writeString(Path.of("/proc", Long.toString(child.pid()), "clear_refs"), "5");
      } catch (IOException e) {
        if (child.isAlive()) {
          throw e;
        }
      }
    }
  }

  static Usage parse(String stat, String status) {
    return new Usage(
        seconds(statFields(stat), UTIME, CSTIME), bytes(status, "VmHWM:"), bytes(status, "VmRSS:"));
  }

  private static Usage of(long pid) throws IOException {
    Path folder = Path.of("/proc", Long.toString(pid));
    return parse(
        Files.readString(folder.resolve("stat")), Files.readString(folder.resolve("status")));
  }

  /// The fields after the command, which may itself have blanks and brackets.
  private static List<String> statFields(String stat) {
    return List.of(stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1));
  }

  private static double seconds(List<String> fields, int from, int to) {
    return fields.subList(from, to + 1).stream().mapToLong(Long::parseLong).sum()
        / TICKS_PER_SECOND;
  }

  private static long bytes(String status, String field) {
    return status
        .lines()
        .filter(line -> line.startsWith(field))
        .map(line -> line.substring(field.length()).replace("kB", "").strip())
        .mapToLong(kibibytes -> Long.parseLong(kibibytes) << 10)
        .findFirst()
        .orElse(0);
  }
}
