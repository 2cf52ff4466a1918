package dev.potluck.content;

import java.time.Instant;

/// One immutable state of a name.
///
/// @param number grows by one with each commit; 0 stands for "not yet in the party"
/// @param mode permission bits, within 0777
public record Version(long number, Kind kind, ContentId content, Instant mtime, int mode) {
  public static final int MODE_MASK = 0777;

  /// What the longest target of a symlink has: Linux's PATH_MAX without the NUL.
  public static final int TARGET_BYTES_MAX = 4_095;

  public Version {
    if (number < 0) {
      throw new IllegalArgumentException("version number " + number);
    }
    if ((mode & ~MODE_MASK) != 0) {
      throw new IllegalArgumentException("mode has more than permission bits: " + mode);
    }
  }

  public static Version file(long number, ContentId content, Instant mtime, int mode) {
    return new Version(number, Kind.FILE, content, mtime, mode & MODE_MASK);
  }

  public Version withNumber(long next) {
    return new Version(next, kind, content, mtime, mode);
  }

  /// The same thing at another time and with other permissions, of which the bits beyond {@link
  /// #MODE_MASK} are dropped.
  public Version withAttributes(Instant newMtime, int newMode) {
    return new Version(number, kind, content, newMtime, newMode & MODE_MASK);
  }

  /// Whether both say the same of the thing itself: kind and content, whatever number and times.
  public boolean sameContent(Version other) {
    return kind == other.kind && content.equals(other.content);
  }

  /// Whether both say the same of the thing's permissions and time.
  public boolean sameAttributes(Version other) {
    return mode == other.mode && mtime.equals(other.mtime);
  }
}
