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

    /// The piece is wrong, and it may be what this peer had kept of it: nobody's fault.
    void spoilt(int piece);

    /// Bytes of a piece came that is not complete yet.
    void received(long bytes);
  }

  private static final int REPORT_BYTES = 512 << 10;

  /// How much time's worth of an incomplete piece a peer that is killed may lose. A fast holder's
  /// pieces are complete before.
  private static final long KEEP_NANOS = 20_000_000;

  private final Partial partial;
  private final Pieces pieces;
  private final PieceHasher hasher;
  private final PieceBuffers buffers;
  private final Judge judge;
  private @Nullable ByteBuffer buffer;
  private int piece;
  private int unreportedBytes;
  private BegunPieces.@Nullable Begun begun;
  private boolean resumed;
  private long keptNanos;

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
      ByteBuffer target = target();
      int taken = Math.min(bytes.remaining(), pieces.length(piece) - target.position());
      ByteBuffer part = bytes.slice(bytes.position(), taken);
      bytes.position(bytes.position() + taken);
      hasher.update(part.duplicate());
      target.put(part);
      if (target.position() == pieces.length(piece)) {
        finish(target);
      }
    }
    keep();
    if (unreportedBytes >= REPORT_BYTES) {
      judge.received(unreportedBytes);
      unreportedBytes = 0;
    }
  }

  /// Takes up what an earlier run of this peer has kept of the first piece.
  ///
  /// @return how many of its bytes need not be asked for
  int resume() {
    begun = partial.begun().resume(piece).orElse(null);
    resumed = begun != null;
    return begun == null ? 0 : begun.lengthBytes();
  }

  private ByteBuffer target() throws IOException {
    ByteBuffer known = buffer;
    if (known != null) {
      return known;
    }
    ByteBuffer target = buffers.take(pieces.length(piece));
    buffer = target;
    hasher.begin(piece);
    keptNanos = System.nanoTime();
    if (begun != null) {
      begun.read(target);
      hasher.update(target.duplicate().flip());
    }
    return target;
  }

  /// A piece that takes long is kept as far as it has come.
  private void keep() {
    ByteBuffer incomplete = buffer;
    long now = System.nanoTime();
    if (incomplete == null || now - keptNanos < KEEP_NANOS) {
      return;
    }
    keptNanos = now;
    if (begun == null) {
      begun = partial.begun().begin(piece).orElse(null);
    }
    if (begun != null) {
      begun.keep(incomplete);
    }
  }

  private void finish(ByteBuffer whole) throws IOException {
    int finished = piece;
    boolean right = hasher.finish().equals(partial.layer().hash(finished));
    if (right) {
      partial.write(pieces.offset(finished), whole.flip());
      partial.add(finished);
    }
    boolean ownFault = resumed && !right;
    endBegun();
    close();
    piece++;
    unreportedBytes = 0;
    if (ownFault) {
      judge.spoilt(finished);
    } else if (right) {
      judge.verified(finished, pieces.length(finished));
    } else {
      judge.corrupt(finished);
    }
  }

  private void endBegun() {
    if (begun != null) {
      begun.end();
      begun = null;
    }
  }

  /// Gives back the buffer of a piece that will not be completed by this holder. What has come of
  /// one that takes long waits for the next holder: a link that breaks more often than a piece
  /// takes must not begin again for ever.
  @Override
  public void close() {
    if (begun != null) {
      if (buffer != null) {
        begun.keep(buffer);
      }
      begun.giveBack();
      begun = null;
    }
    if (buffer != null) {
      buffers.giveBack(buffer);
      buffer = null;
    }
    resumed = false;
  }
}
