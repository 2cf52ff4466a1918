package dev.potluck.fuse;

import java.util.Arrays;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// What the kernel and this program agreed on when the mount began.
///
/// @param minor of the protocol 7.minor
/// @param flags the `FUSE_` bits of INIT that both have, bits 32 to 63 from `flags2`
/// @param maxWriteBytes the most that one write request carries
/// @param passthrough whether the kernel lets this process hand it backing files: it knows how
///   (7.40), and the process has `CAP_SYS_ADMIN`
public record Features(int minor, long flags, int maxWriteBytes, boolean passthrough) {
  private static final int[] DROPS_AFTERWARDS = {6, 18, 10};
  private static final Pattern RELEASE = Pattern.compile("(\\d+)\\.(\\d+)(?:\\.(\\d+))?");

  Features withPassthrough(boolean may) {
    return new Features(minor, flags, maxWriteBytes, may);
  }

  /// Whether who reads through the page cache sees what is written past it, at any time: before and
  /// after the write the kernel drops what it has of that place. Older ones drop it before only, so
  /// that a page that is read meanwhile would stay as it was (Linux's commit b359af8275a9, in 6.19
  /// and early in 6.18's series).
  public boolean writesPastCache() {
    return has(Handshake.DIRECT_IO_ALLOW_MMAP) && isRecent(System.getProperty("os.version"));
  }

  static boolean isRecent(String release) {
    Matcher parts = RELEASE.matcher(release);
    if (!parts.lookingAt()) {
      return false;
    }
    int[] version = new int[DROPS_AFTERWARDS.length];
    for (int i = 0; i < version.length; i++) {
      String part = parts.group(i + 1);
      version[i] = part == null ? 0 : Integer.parseInt(part);
    }
    return Arrays.compare(version, DROPS_AFTERWARDS) >= 0;
  }

  boolean has(long flag) {
    return (flags & flag) != 0;
  }
}
