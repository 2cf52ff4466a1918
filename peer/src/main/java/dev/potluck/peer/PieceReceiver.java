package dev.potluck.peer;

import dev.potluck.content.PieceHasher;
import dev.potluck.content.Pieces;
import dev.potluck.wire.BulkSink;
import java.io.IOException;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/// Takes a run of pieces as their bytes come in, hashes them on the way, and stores a piece only
/// when its hash is right: nothing else ever reaches the disk. Called by one thread at a time.
final class PieceReceiver implements BulkSink, AutoCloseable {
  /// Is told what became of each piece, on the thread that received it.
  interface Judge {
    /// The piece is right and stored.
    void verified(int piece, int lengthBytes);

    /// The piece's hash is wrong; it was thrown away.
    void corrupt(int piece);

    /// Bytes of a piece came that is not complete yet.
    void received(long bytes);
  }

  private static final int REPORT_BYTES = 512 << 10;

  private final Partial partial;
  private final Pieces pieces;
  private final PieceHasher hasher;
  private final PieceBuffers buffers;
  private final Judge judge;
  private @Nullable ByteBuffer buffer;
  private int piece;
  private int unreportedBytes;

  PieceReceiver(Partial partial, int firstPiece, PieceBuffers buffers, Judge judge) {
    this.partial = partial;
    this.pieces = partial.content().pieces();
    this.hasher = new PieceHasher(pieces);
    this.buffers = buffers;
    this.judge = judge;
    this.piece = firstPiece;
  }

  /// Pieces of up to 1 MiB are received on the network's thread, which spares a hand-over a chunk:
  /// hashing and a write to the page cache are short. Only larger ones wait for buffers.
  @Override
  public boolean mayBlock() {
    return pieces.pieceLength() > PieceBuffers.NEVER_WAITING_BYTES;
  }

  @Override
  public void write(long position, ByteBuffer bytes) throws IOException {
    unreportedBytes += bytes.remaining();
    while (bytes.hasRemaining()) {
      ByteBuffer target = begun();
      int taken = Math.min(bytes.remaining(), pieces.length(piece) - target.position());
      ByteBuffer part = bytes.slice(bytes.position(), taken);
      bytes.position(bytes.position() + taken);
      hasher.update(part.duplicate());
      target.put(part);
      if (target.position() == pieces.length(piece)) {
        finish(target);
      }
    }
    if (unreportedBytes >= REPORT_BYTES) {
      judge.received(unreportedBytes);
      unreportedBytes = 0;
    }
  }

  private ByteBuffer begun() {
    if (buffer == null) {
      buffer = buffers.take(pieces.length(piece));
      hasher.begin(piece);
    }
    return buffer;
  }

  private void finish(ByteBuffer whole) throws IOException {
    int finished = piece;
    boolean right = hasher.finish().equals(partial.layer().hash(finished));
    if (right) {
      partial.write(pieces.offset(finished), whole.flip());
      partial.add(finished);
    }
    close();
    piece++;
    unreportedBytes = 0;
    if (right) {
      judge.verified(finished, pieces.length(finished));
    } else {
      judge.corrupt(finished);
    }
  }

  /// Gives back the buffer of a piece that will not be completed.
  @Override
  public void close() {
    if (buffer != null) {
      buffers.giveBack(buffer);
      buffer = null;
    }
  }
}
