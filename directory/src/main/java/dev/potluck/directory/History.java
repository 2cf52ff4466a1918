package dev.potluck.directory;

import dev.potluck.content.ContentId;
import dev.potluck.content.Kind;
import dev.potluck.content.Name;
import dev.potluck.content.Root;
import dev.potluck.content.Version;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// What names were before they became what they are: the last versions and deletions of each,
/// packed in an array, eight words a version, oldest first. A name that never changed costs
/// nothing.
///
/// Words: four of the root, size, number, seconds of the mtime; the last holds nanoseconds (30
/// bits), mode (9), kind (2) and whether it was a deletion (1).
final class History {
  /// How many past versions of a name are remembered.
  static final int MAX_VERSIONS = 16;

  private static final int WORDS = 8;
  private static final int MODE_SHIFT = 30;
  private static final int KIND_SHIFT = 39;
  private static final long DELETED = 1L << 41;
  private static final long NANOS_MASK = (1L << MODE_SHIFT) - 1;

  private final Map<Name, long[]> past = new HashMap<>();

  /// Notes what a name was until now. Forgets the oldest version if there are too many.
  void add(Name name, Version version, boolean deleted) {
    long[] before = past.getOrDefault(name, new long[0]);
    int from = before.length == MAX_VERSIONS * WORDS ? WORDS : 0;
    long[] after = Arrays.copyOfRange(before, from, before.length + WORDS);
    pack(version, deleted, after, after.length - WORDS);
    past.put(name, after);
  }

  /// Nothing is to be known of a name any more.
  void remove(Name name) {
    past.remove(name);
  }

  /// The past versions of a name, oldest first, without their revisions.
  List<Entry> of(Name name) {
    long[] packed = past.getOrDefault(name, new long[0]);
    List<Entry> entries = new ArrayList<>(packed.length / WORDS);
    for (int at = 0; at < packed.length; at += WORDS) {
      boolean deleted = (packed[at + 7] & DELETED) != 0;
      entries.add(new Entry(name, unpacked(packed, at), deleted, 0));
    }
    return entries;
  }

  @SuppressWarnings("JavaInstantGetSecondsGetNano") // the seconds are beside it
  private static void pack(Version version, boolean deleted, long[] words, int at) {
    Root root = version.content().root();
    words[at] = root.a();
    words[at + 1] = root.b();
    words[at + 2] = root.c();
    words[at + 3] = root.d();
    words[at + 4] = version.content().size();
    words[at + 5] = version.number();
    words[at + 6] = version.mtime().getEpochSecond();
    words[at + 7] =
        version.mtime().getNano()
            | (long) version.mode() << MODE_SHIFT
            | (long) NameState.code(version.kind()) << KIND_SHIFT
            | (deleted ? DELETED : 0);
  }

  private static Version unpacked(long[] words, int at) {
    Root root = new Root(words[at], words[at + 1], words[at + 2], words[at + 3]);
    long rest = words[at + 7];
    Kind kind = NameState.kind((int) (rest >>> KIND_SHIFT) & 3);
    int mode = (int) (rest >>> MODE_SHIFT) & Version.MODE_MASK;
    Instant mtime = Instant.ofEpochSecond(words[at + 6], rest & NANOS_MASK);
    return new Version(words[at + 5], kind, new ContentId(root, words[at + 4]), mtime, mode);
  }
}
