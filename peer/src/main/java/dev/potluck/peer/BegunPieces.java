package dev.potluck.peer;

import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.IntPredicate;
import java.util.function.IntUnaryOperator;

/// What has come of pieces that are not complete yet, kept in a few places of a file, so that a
/// peer that is killed need not fetch it twice. The bytes are unverified and never leave this peer:
/// the piece they begin is hashed whole. A place that could not be written is one that was not
/// kept. Thread-safe.
final class BegunPieces {
  private static final Logger LOG = System.getLogger(BegunPieces.class.getName());
  static final int PLACES = 16;
  private static final int HEADER_BYTES = 8;

  private final FileHandle file;
  private final long offset;
  private final int pieceLength;

  // Guarded by this.
  private final boolean[] taken = new boolean[PLACES];
  private final Map<Integer, Begun> waiting = new HashMap<>();

  /// One piece's beginning, in its place. Used by who receives the rest of it.
  final class Begun {
    private final int place;
    private final int piece;
    private int lengthBytes;

    private Begun(int place, int piece, int lengthBytes) {
      this.place = place;
      this.piece = piece;
      this.lengthBytes = lengthBytes;
    }

    int lengthBytes() {
      return lengthBytes;
    }

    /// Appends what was kept to an empty buffer.
    void read(ByteBuffer target) throws IOException {
      ByteBuffer kept = target.slice(0, lengthBytes);
      Partial.readFully(file, data(place), kept);
      target.position(lengthBytes);
    }

    /// Keeps more: all bytes of the buffer up to its position.
    void keep(ByteBuffer soFar) {
      int end = soFar.position();
      ByteBuffer more = soFar.duplicate().flip().position(lengthBytes);
      try {
        file.write(data(place) + lengthBytes, more);
        // Behind the bytes, so that a crash between the two leaves a shorter beginning.
        file.write(
            place(place), ByteBuffer.allocate(HEADER_BYTES).putInt(piece).putInt(end).flip());
        lengthBytes = end;
      } catch (IOException e) {
        LOG.log(Level.DEBUG, "the begun piece {0} is not kept: {1}", piece, e.getMessage());
      }
    }

    /// Nothing was added: it waits for its rest again.
    void giveBack() {
      await(this);
    }

    /// The piece is complete, or nobody receives it any more.
    void end() {
      free(this);
    }
  }

  /// @param offset where the places begin in the file
  BegunPieces(FileHandle file, long offset, int pieceLength) {
    this.file = file;
    this.offset = offset;
    this.pieceLength = pieceLength;
  }

  private long place(int place) {
    return offset + place * (long) (HEADER_BYTES + pieceLength);
  }

  private long data(int place) {
    return place(place) + HEADER_BYTES;
  }

  /// Finds what an earlier run of this peer kept.
  ///
  /// @param wanted which pieces are still missing
  synchronized void load(IntPredicate wanted, IntUnaryOperator lengths) {
    for (int place = 0; place < PLACES; place++) {
      ByteBuffer header = ByteBuffer.allocate(HEADER_BYTES);
      try {
        Partial.readFully(file, place(place), header);
      } catch (IOException e) {
        return; // The file ends here: no more places were ever used.
      }
      int piece = header.getInt();
      int length = header.getInt();
      if (length > 0
          && wanted.test(piece)
          && length < lengths.applyAsInt(piece)
          && isThere(data(place) + length - 1)
          && waiting.putIfAbsent(piece, new Begun(place, piece, length)) == null) {
        taken[place] = true;
      }
    }
  }

  private boolean isThere(long position) {
    try {
      Partial.readFully(file, position, ByteBuffer.allocate(1));
      return true;
    } catch (IOException e) {
      return false;
    }
  }

  /// How much of a piece is kept and waits for its rest.
  synchronized int kept(int piece) {
    Begun begun = waiting.get(piece);
    return begun == null ? 0 : begun.lengthBytes;
  }

  /// Takes over what is kept of a piece.
  synchronized Optional<Begun> resume(int piece) {
    return Optional.ofNullable(waiting.remove(piece));
  }

  /// A place for a piece, if there is one left.
  synchronized Optional<Begun> begin(int piece) {
    for (int place = 0; place < PLACES; place++) {
      if (!taken[place]) {
        taken[place] = true;
        return Optional.of(new Begun(place, piece, 0));
      }
    }
    return Optional.empty();
  }

  private synchronized void await(Begun begun) {
    waiting.putIfAbsent(begun.piece, begun);
  }

  private synchronized void free(Begun begun) {
    try {
      if (begun.lengthBytes > 0) {
        file.write(place(begun.place), ByteBuffer.allocate(HEADER_BYTES));
      }
      taken[begun.place] = false;
    } catch (IOException e) {
      LOG.log(Level.DEBUG, "a place stays taken: {0}", e.getMessage());
    }
  }
}
