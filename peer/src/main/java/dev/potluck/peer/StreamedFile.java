package dev.potluck.peer;

import dev.potluck.content.Pieces;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.OptionalInt;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

/// One reader of a {@link Stream}.
final class StreamedFile implements OpenFile {
  private final Streams streams;
  private final Stream stream;
  private final long reader;
  private final Duration patience;
  private final Pieces pieces;
  private final AtomicBoolean closed = new AtomicBoolean();

  /// The piece the exchange last heard of: it is told once a piece, not at each read.
  private final AtomicInteger toldPiece = new AtomicInteger(-1);

  /// @param patience how long a read waits
  StreamedFile(Streams streams, Stream stream, long reader, Duration patience) {
    this.streams = streams;
    this.stream = stream;
    this.reader = reader;
    this.patience = patience;
    this.pieces = stream.version().content().pieces();
  }

  @Override
  public int read(long position, ByteBuffer target) throws IOException, InterruptedException {
    int count = stream.read(position, target, Retry.deadline(patience));
    if (count > 0) {
      int piece = pieces.pieceAt(position + count - 1);
      if (toldPiece.getAndSet(piece) != piece) {
        stream.goesOn(reader, position, count);
      }
    }
    return count;
  }

  /// What has come lies in the page cache still.
  @Override
  public boolean isAtHand(long position, int length) {
    return stream.isAtHand(position, length);
  }

  @Override
  public OptionalInt descriptor() {
    return OptionalInt.empty();
  }

  @Override
  public void close() {
    if (closed.compareAndSet(false, true)) {
      stream.left(reader);
      streams.leave(stream);
    }
  }
}
