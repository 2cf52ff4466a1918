package dev.potluck.peer;

import dev.potluck.content.PieceHasher;
import dev.potluck.content.Pieces;
import java.io.IOException;
import java.nio.ByteBuffer;

/// The pieces that a new version of a file has in common with the old one that lies here: an edit
/// in the middle of a large file changes few of them, and only those are fetched.
final class SharedPieces {
  private final OpenContent older;
  private final Partial newer;
  private final Pieces pieces;

  SharedPieces(OpenContent older, Partial newer) {
    this.older = older;
    this.newer = newer;
    this.pieces = newer.content().pieces();
  }

  /// Copies them, each hashed before it counts.
  ///
  /// @return how many were copied
  /// @throws IOException if the older file can't be read, or the newer one not written; what was
  ///   copied until then counts
  int copy() throws IOException, InterruptedException {
    if (older.content().pieces().pieceLength() != pieces.pieceLength()) {
      return 0;
    }
    ByteBuffer buffer = ByteBuffer.allocateDirect(pieces.pieceLength());
    PieceHasher hasher = new PieceHasher(pieces);
    int copied = 0;
    for (int piece = 0; piece < pieces.count(); piece++) {
      if (Thread.interrupted()) {
        throw new InterruptedException();
      }
      if (isShared(piece) && !newer.has(piece) && copied(piece, hasher, buffer)) {
        copied++;
      }
    }
    return copied;
  }

  private boolean isShared(int piece) {
    Pieces before = older.content().pieces();
    return piece < before.count()
        && before.length(piece) == pieces.length(piece)
        && older.layer().hash(piece).equals(newer.layer().hash(piece));
  }

  private boolean copied(int piece, PieceHasher hasher, ByteBuffer buffer) throws IOException {
    buffer.clear().limit(pieces.length(piece));
    long at = pieces.offset(piece);
    while (buffer.hasRemaining()) {
      if (older.read(at + buffer.position(), buffer) < 0) {
        return false;
      }
    }
    hasher.begin(piece);
    hasher.update(buffer.flip());
    if (!hasher.finish().equals(newer.layer().hash(piece))) {
      return false; // The disk damaged it: it is fetched.
    }
    newer.write(at, buffer.rewind());
    return newer.add(piece);
  }
}
