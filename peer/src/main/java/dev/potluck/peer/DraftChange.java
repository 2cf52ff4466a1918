package dev.potluck.peer;

import dev.potluck.content.ContentId;
import dev.potluck.content.PieceLayer;
import java.util.List;

/// What was written in a draft, if that is little of a large version: it is safe long before all of
/// the next version could be a file.
///
/// @param base the content it was written over, all of which shows elsewhere
/// @param layer of what it is now
/// @param file open, and its draft's: what was written, each byte where it is in the whole
/// @param written where, in order
record DraftChange(ContentId base, PieceLayer layer, FileHandle file, List<Ranges.Range> written) {
  /// A smaller file is copied as fast as the rest of a commit takes.
  private static final long BASE_BYTES_LEAST = 16L << 20;

  /// What was written lies on the disk twice for a while, and is read from two files.
  private static final long BYTES_MAX = 64L << 20;

  /// At most one byte in so many.
  private static final long PART = 4;

  /// Where each lies is kept in memory and in the database.
  private static final int RANGES_MAX = 8_192;

  DraftChange {
    written = List.copyOf(written);
  }

  /// Whether so much, in so many places, is little of a version of that size.
  static boolean isLittle(Ranges written, long baseBytes) {
    return baseBytes >= BASE_BYTES_LEAST
        && written.count() <= RANGES_MAX
        && written.bytes() <= Math.min(BYTES_MAX, baseBytes / PART);
  }

  long bytes() {
    return written.stream().mapToLong(Ranges.Range::length).sum();
  }
}
