package dev.potluck.directory;

import java.util.Arrays;
import java.util.function.IntPredicate;
import org.jspecify.annotations.Nullable;

/// The copies of one name, packed in an array: two words a copy, 16 bytes. A copy names the epoch
/// in which its peer said to have it, so that all of a peer are dropped by forgetting the epoch;
/// the words of forgotten epochs are used again when there is no other room.
///
/// First word: epoch (32 bits), low bits of the version number (32). Second: high bits of the
/// number (7), flags (5), size (52). An epoch is positive; a first word of 0 is a free place.
final class Copies {
  static final int SIZE_BITS = 52;
  static final int NUMBER_BITS = 39;

  private static final int FLAGS_SHIFT = SIZE_BITS;
  private static final int NUMBER_SHIFT = SIZE_BITS + 5;
  private static final long SIZE_MASK = (1L << SIZE_BITS) - 1;
  private static final int REASON_MASK = 3;
  private static final int WHOLE = 4;
  private static final int DIFFERS = 8;
  private static final int SPARE_WHEN_FEW = 4;
  private static final Reason[] REASONS = {Reason.KEPT, Reason.FETCHED, Reason.PLACED};

  private Copies() {}

  /// One copy, as it was announced.
  ///
  /// @param differs whether its content is known to be another than this version's
  record Copy(long number, long size, Reason reason, boolean whole, boolean differs) {
    private long first(int epoch) {
      return ((long) epoch << 32) | (number & 0xffff_ffffL);
    }

    private long second() {
      long flags = FactDigest.code(reason) | (whole ? WHOLE : 0) | (differs ? DIFFERS : 0);
      return (number >>> 32 << NUMBER_SHIFT) | (flags << FLAGS_SHIFT) | size;
    }
  }

  /// Where the copy of this epoch is, -1 if there is none.
  static int indexOf(long @Nullable [] copies, int epoch) {
    if (copies != null) {
      for (int i = 0; i < copies.length; i += 2) {
        if ((int) (copies[i] >>> 32) == epoch) {
          return i;
        }
      }
    }
    return -1;
  }

  static boolean isAt(long[] copies, int index, int epoch, Copy copy) {
    return copies[index] == copy.first(epoch) && copies[index + 1] == copy.second();
  }

  static int epochAt(long[] copies, int index) {
    return (int) (copies[index] >>> 32);
  }

  static long numberAt(long[] copies, int index) {
    return (copies[index] & 0xffff_ffffL) | (copies[index + 1] >>> NUMBER_SHIFT << 32);
  }

  static Copy at(long[] copies, int index) {
    long second = copies[index + 1];
    int flags = (int) (second >>> FLAGS_SHIFT);
    return new Copy(
        numberAt(copies, index),
        second & SIZE_MASK,
        REASONS[flags & REASON_MASK],
        (flags & WHOLE) != 0,
        (flags & DIFFERS) != 0);
  }

  static void set(long[] copies, int index, int epoch, Copy copy) {
    copies[index] = copy.first(epoch);
    copies[index + 1] = copy.second();
  }

  /// Puts a copy of an epoch that has none here.
  ///
  /// @param forgotten which epochs are over, whose places may be used
  /// @return the array, or a larger one
  static long[] added(long @Nullable [] copies, int epoch, Copy copy, IntPredicate forgotten) {
    long[] array = copies == null ? new long[2] : copies;
    int index = copies == null ? 0 : freeIn(array, forgotten);
    if (index < 0) {
      index = array.length;
      int held = array.length / 2;
      int grown = held + 1 + (held < SPARE_WHEN_FEW ? 0 : held / 8);
      array = Arrays.copyOf(array, 2 * grown);
    }
    set(array, index, epoch, copy);
    return array;
  }

  /// Frees a place.
  ///
  /// @return the array, or null if it holds nothing now
  static long @Nullable [] removed(long[] copies, int index) {
    copies[index] = 0;
    copies[index + 1] = 0;
    for (int i = 0; i < copies.length; i += 2) {
      if (copies[i] != 0) {
        return copies;
      }
    }
    return null;
  }

  private static int freeIn(long[] copies, IntPredicate forgotten) {
    for (int i = 0; i < copies.length; i += 2) {
      if (copies[i] == 0) {
        return i;
      }
    }
    for (int i = 0; i < copies.length; i += 2) {
      if (forgotten.test(epochAt(copies, i))) {
        return i;
      }
    }
    return -1;
  }
}
