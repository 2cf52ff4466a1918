package dev.potluck.wire;

import dev.potluck.content.PieceSet;
import dev.potluck.content.UsageException;
import io.netty.buffer.ByteBuf;
import java.util.ArrayList;
import java.util.List;
import java.util.PrimitiveIterator;
import org.jspecify.annotations.Nullable;

/// One message of an availability exchange. On the wire: four bytes of length (big-endian), a byte
/// of flags, and what they announce, in their order. Numbers are varints of seven bits a byte, the
/// low ones first; a list is its length and so many pieces; a bitmap its length in bytes and those,
/// little-endian.
///
/// @param pieces what has come to the sender
/// @param guided the receiver is let in; whether it will be told what to take
/// @param bound whether the suggestions bind; null if nothing is suggested
/// @param coming declined, because they come from elsewhere
/// @param enough declined for now
record AvailabilityFrame(
    @Nullable PieceSet pieces,
    @Nullable Boolean guided,
    @Nullable Boolean bound,
    List<Integer> suggested,
    List<Integer> coming,
    List<Integer> enough) {
  static final int LENGTH_BYTES = 4;

  private static final int PIECES = 1;
  private static final int BITMAP = 1 << 1;
  private static final int ACCEPTS = 1 << 2;
  private static final int GUIDED = 1 << 3;
  private static final int SUGGESTS = 1 << 4;
  private static final int BOUND = 1 << 5;
  private static final int COMING = 1 << 6;
  private static final int ENOUGH = 1 << 7;

  private static final int VARINT_BYTES = 5;

  /// How long a message about a content of so many pieces can be, without the four bytes before it.
  static int bytesMax(int count) {
    int list = VARINT_BYTES * (1 + WireLimits.SUGGESTIONS);
    return 1 + VARINT_BYTES + count / Byte.SIZE + 1 + 3 * list;
  }

  boolean isEmpty() {
    return pieces == null
        && guided == null
        && bound == null
        && coming.isEmpty()
        && enough.isEmpty();
  }

  /// Appends the message with its length.
  void write(ByteBuf out) {
    int start = out.writerIndex();
    out.writeInt(0);
    int flags = 0;
    out.writeByte(0);
    PieceSet come = pieces;
    if (come != null) {
      byte[] bitmap = come.toBytes();
      int cardinality = come.cardinality();
      // An index takes two or three bytes, so few pieces of a large content go as a list.
      if (cardinality * 3L < bitmap.length) {
        flags |= PIECES;
        writeVarint(out, cardinality);
        for (PrimitiveIterator.OfInt each = come.stream().iterator(); each.hasNext(); ) {
          writeVarint(out, each.nextInt());
        }
      } else {
        flags |= BITMAP;
        writeVarint(out, bitmap.length);
        out.writeBytes(bitmap);
      }
    }
    if (guided != null) {
      flags |= guided ? ACCEPTS | GUIDED : ACCEPTS;
    }
    if (bound != null) {
      flags |= bound ? SUGGESTS | BOUND : SUGGESTS;
      write(out, suggested);
    }
    if (!coming.isEmpty()) {
      flags |= COMING;
      write(out, coming);
    }
    if (!enough.isEmpty()) {
      flags |= ENOUGH;
      write(out, enough);
    }
    out.setInt(start, out.writerIndex() - start - LENGTH_BYTES);
    out.setByte(start + LENGTH_BYTES, flags);
  }

  private static void write(ByteBuf out, List<Integer> list) {
    writeVarint(out, list.size());
    for (int piece : list) {
      writeVarint(out, piece);
    }
  }

  private static void writeVarint(ByteBuf out, int number) {
    int left = number;
    while (left > 0x7f) {
      out.writeByte((left & 0x7f) | 0x80);
      left >>>= 7;
    }
    out.writeByte(left);
  }

  /// Reads a message whose length was read already.
  ///
  /// @param count of pieces the content has
  /// @throws UsageException if it is none, or out of bounds
  static AvailabilityFrame read(ByteBuf in, int count) {
    try {
      int flags = in.readUnsignedByte();
      PieceSet pieces = pieces(in, flags, count);
      Boolean guided = choice(flags, ACCEPTS, GUIDED);
      Boolean bound = choice(flags, SUGGESTS, BOUND);
      List<Integer> suggested = list(in, flags & SUGGESTS, WireLimits.SUGGESTIONS, count);
      List<Integer> coming = list(in, flags & COMING, WireLimits.SUGGESTIONS, count);
      List<Integer> enough = list(in, flags & ENOUGH, WireLimits.SUGGESTIONS, count);
      if (in.isReadable()) {
        throw new UsageException(in.readableBytes() + " bytes too many");
      }
      return new AvailabilityFrame(pieces, guided, bound, suggested, coming, enough);
    } catch (IndexOutOfBoundsException e) {
      throw new UsageException("a message that is cut short", e);
    }
  }

  private static @Nullable PieceSet pieces(ByteBuf in, int flags, int count) {
    return switch (flags & (PIECES | BITMAP)) {
      case 0 -> null;
      case PIECES -> {
        PieceSet pieces = PieceSet.none(count);
        list(in, PIECES, count, count).forEach(pieces::add);
        yield pieces;
      }
      case BITMAP -> {
        int length = varint(in);
        if (length > count / Byte.SIZE + 1) {
          throw new UsageException("a bitmap of more than " + count + " pieces");
        }
        byte[] bitmap = new byte[length];
        in.readBytes(bitmap);
        try {
          yield PieceSet.of(bitmap, count);
        } catch (IllegalArgumentException e) {
          throw new UsageException("a bitmap of more than " + count + " pieces", e);
        }
      }
      default -> throw new UsageException("pieces said in two ways");
    };
  }

  private static @Nullable Boolean choice(int flags, int there, int yes) {
    if ((flags & there) != 0) {
      return (flags & yes) != 0;
    }
    if ((flags & yes) != 0) {
      throw new UsageException("a flag that has no meaning alone");
    }
    return null;
  }

  private static List<Integer> list(ByteBuf in, int there, int most, int count) {
    if (there == 0) {
      return List.of();
    }
    int length = varint(in);
    if (length > most || length > in.readableBytes()) {
      throw new UsageException("a list of " + length + " pieces");
    }
    List<Integer> list = new ArrayList<>(length);
    for (int i = 0; i < length; i++) {
      int piece = varint(in);
      if (piece >= count) {
        throw new UsageException("piece " + piece + " of " + count);
      }
      list.add(piece);
    }
    return list;
  }

  private static int varint(ByteBuf in) {
    long number = 0;
    for (int i = 0; i < VARINT_BYTES; i++) {
      byte next = in.readByte();
      number |= (next & 0x7fL) << (7 * i);
      if (next >= 0) {
        if (number > Integer.MAX_VALUE) {
          break;
        }
        return (int) number;
      }
    }
    throw new UsageException("a number that is too large");
  }
}
