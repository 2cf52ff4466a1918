package dev.potluck.peer;

import dev.potluck.content.ContentId;
import dev.potluck.content.PieceLayer;
import dev.potluck.content.PieceSet;
import java.io.IOException;
import java.nio.ByteBuffer;

/// A download in progress: a preallocated file of the content's size with the set of pieces that
/// were verified. Thread-safe.
@SuppressWarnings("DoNotCallSuggester")
public final class Partial implements OpenContent {
  @Override
  public ContentId content() {
    throw new UnsupportedOperationException();
  }

  @Override
  public PieceLayer layer() {
    throw new UnsupportedOperationException();
  }

  /// A copy of the set of pieces that are here and verified.
  public PieceSet verified() {
    throw new UnsupportedOperationException();
  }

  /// Writes bytes anywhere; they are not readable before {@link #add} says that their piece is
  /// verified. A piece that is verified already is not written again.
  public void write(long position, ByteBuffer bytes) throws IOException {
    throw new UnsupportedOperationException();
  }

  /// Counts a piece as verified: all its bytes were written and hashed to what the layer says.
  ///
  /// @return whether it is new
  public boolean add(int piece) throws IOException {
    throw new UnsupportedOperationException();
  }

  @Override
  public int read(long position, ByteBuffer target) throws IOException {
    throw new UnsupportedOperationException();
  }

  /// The whole content, when every piece is verified; the partial itself can be read on until it is
  /// closed.
  public ReadyContent finish() throws IOException {
    throw new UnsupportedOperationException();
  }

  /// Deletes what was downloaded.
  public void discard() {
    throw new UnsupportedOperationException();
  }

  /// Keeps what was downloaded for {@link Share#resume}.
  @Override
  public void close() {
    throw new UnsupportedOperationException();
  }
}
