package dev.potluck.content;

import java.util.Arrays;
import java.util.BitSet;
import java.util.Objects;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/// Which pieces of a content somebody has: a mutable set of 0 to count - 1. Not thread-safe.
public final class PieceSet {
  private final int count;
  private final BitSet bits;

  private PieceSet(int count, BitSet bits) {
    this.count = count;
    this.bits = bits;
  }

  public static PieceSet none(int count) {
    if (count < 0) {
      throw new IllegalArgumentException("count " + count);
    }
    return new PieceSet(count, new BitSet(count));
  }

  public static PieceSet all(int count) {
    PieceSet set = none(count);
    set.bits.set(0, count);
    return set;
  }

  /// Reads {@link #toBytes}; bits from count on and missing bytes are errors of the sender.
  ///
  /// @throws IllegalArgumentException if a piece beyond count is claimed
  public static PieceSet of(byte[] bytes, int count) {
    BitSet bits = BitSet.valueOf(bytes);
    if (bits.length() > count) {
      throw new IllegalArgumentException("piece " + (bits.length() - 1) + " of " + count);
    }
    return new PieceSet(count, bits);
  }

  /// How many pieces the content has, held or not.
  public int count() {
    return count;
  }

  /// How many pieces are in the set.
  public int cardinality() {
    return bits.cardinality();
  }

  public boolean isFull() {
    return bits.nextClearBit(0) >= count;
  }

  public boolean isEmpty() {
    return bits.isEmpty();
  }

  public boolean contains(int piece) {
    return bits.get(Objects.checkIndex(piece, count));
  }

  public void add(int piece) {
    bits.set(Objects.checkIndex(piece, count));
  }

  public void remove(int piece) {
    bits.clear(Objects.checkIndex(piece, count));
  }

  public void addAll(PieceSet other) {
    if (other.count != count) {
      throw new IllegalArgumentException("sets over " + count + " and " + other.count);
    }
    bits.or(other.bits);
  }

  /// The first piece at or after `from` that is not in the set, or count if there is none.
  public int nextMissing(int from) {
    return Math.min(bits.nextClearBit(from), count);
  }

  /// The first piece at or after `from` that is in the set, or count if there is none.
  public int next(int from) {
    int next = bits.nextSetBit(from);
    return next < 0 ? count : next;
  }

  public IntStream stream() {
    return bits.stream();
  }

  public PieceSet copy() {
    return new PieceSet(count, (BitSet) bits.clone());
  }

  /// Little-endian bits in as few bytes as hold the highest piece.
  public byte[] toBytes() {
    return bits.toByteArray();
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof PieceSet that && that.count == count && that.bits.equals(bits);
  }

  @Override
  public int hashCode() {
    return 31 * count + Arrays.hashCode(bits.toLongArray());
  }

  @Override
  public String toString() {
    return cardinality() + "/" + count;
  }
}
