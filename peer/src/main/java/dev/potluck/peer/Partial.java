package dev.potluck.peer;

import dev.potluck.content.ContentId;
import dev.potluck.content.PieceHasher;
import dev.potluck.content.PieceLayer;
import dev.potluck.content.PieceSet;
import dev.potluck.content.Pieces;
import dev.potluck.content.Root;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// A download in progress: a file of the content's size, preallocated if all of it is wanted,
/// `.potluck/partial/<id>`, and beside it (`.state`) the piece hashes, a bit for each verified
/// piece, and what has come of a few pieces that are not complete ({@link BegunPieces}). Bytes are
/// written before their bit, so kill -9 never leaves a bit without its bytes; after a power cut it
/// may, therefore {@link Share#resume} hashes every claimed piece again. Thread-safe.
public final class Partial implements OpenContent {
  static final String FOLDER = ".potluck/partial";
  static final String STATE = ".state";

  private final ShareTree tree;
  private final PieceLayer layer;
  private final Pieces pieces;
  private final FileHandle data;
  private final FileHandle state;
  private final long bitsOffset;
  private final BegunPieces begun;
  private final Runnable onClose;

  // Guarded by this.
  private final PieceSet verified;
  private boolean closed;

  private Partial(
      ShareTree tree,
      PieceLayer layer,
      FileHandle data,
      FileHandle state,
      PieceSet verified,
      Runnable onClose) {
    this.tree = tree;
    this.layer = layer;
    this.pieces = layer.content().pieces();
    this.data = data;
    this.state = state;
    this.bitsOffset = layer.bytes().length;
    this.begun = new BegunPieces(state, bitsOffset + bitBytes(layer), pieces.pieceLength());
    this.verified = verified;
    this.onClose = onClose;
  }

  /// Takes up what an earlier download left, or starts from nothing.
  ///
  /// @param whole whether all of it is wanted; who reads a little of a file needs no place for it
  ///   all
  /// @param onClose run once it is closed or discarded
  static Partial resume(ShareTree tree, PieceLayer layer, boolean whole, Runnable onClose)
      throws IOException {
    Optional<Partial> found = found(tree, layer, onClose);
    Partial partial = found.isPresent() ? found.get() : started(tree, layer, onClose);
    if (whole) {
      partial.allocate();
    }
    return partial;
  }

  /// Takes the place of all of it on the disk; closes and throws if there is too little.
  private void allocate() throws IOException {
    boolean allocated = false;
    try {
      data.allocate(layer.content().size());
      allocated = true;
    } finally {
      if (!allocated) {
        if (verified().cardinality() == 0) {
          discard();
        } else {
          close();
        }
      }
    }
  }

  private static Optional<Partial> found(ShareTree tree, PieceLayer layer, Runnable onClose)
      throws IOException {
    String path = path(layer.content());
    Optional<FileStat> there = tree.stat(path);
    if (there.isEmpty()
        || there.get().identity().size() != layer.content().size()
        || tree.stat(path + STATE).isEmpty()) {
      return Optional.empty();
    }
    FileHandle data = tree.openForWriting(path);
    FileHandle state = null;
    Partial partial = null;
    try {
      state = tree.openForWriting(path + STATE);
      byte[] hashes = layer.bytes();
      ByteBuffer stored = ByteBuffer.allocate(hashes.length + bitBytes(layer));
      readFully(state, 0, stored);
      if (java.util.Arrays.equals(hashes, 0, hashes.length, stored.array(), 0, hashes.length)) {
        byte[] bits = new byte[bitBytes(layer)];
        stored.get(hashes.length, bits);
        PieceSet verified =
            rehashed(data, layer, PieceSet.of(bits, layer.content().pieces().count()));
        partial = new Partial(tree, layer, data, state, verified, onClose);
        state.write(
            hashes.length,
            ByteBuffer.wrap(java.util.Arrays.copyOf(verified.toBytes(), bits.length)));
        Pieces pieces = layer.content().pieces();
        partial.begun.load(
            piece -> piece >= 0 && piece < pieces.count() && !verified.contains(piece),
            pieces::length);
      }
    } catch (java.io.EOFException | IllegalArgumentException e) {
      partial = null; // A state cut short by a crash: start again.
    } finally {
      if (partial == null) {
        data.close();
        if (state != null) {
          state.close();
        }
      }
    }
    return Optional.ofNullable(partial);
  }

  /// The piece hashes that an earlier download of a content left, if they lead to its root.
  static Optional<PieceLayer> layerOf(ShareTree tree, ContentId content) throws IOException {
    String path = path(content) + STATE;
    if (tree.stat(path).isEmpty()) {
      return Optional.empty();
    }
    ByteBuffer hashes = ByteBuffer.allocate(content.pieces().count() * Root.BYTES);
    try (FileHandle state = tree.open(path)) {
      readFully(state, 0, hashes);
    } catch (java.io.EOFException e) {
      return Optional.empty();
    }
    return PieceLayer.verified(content, hashes.array());
  }

  /// Deletes what is left of a download that nobody has open.
  static void delete(ShareTree tree, ContentId content) throws IOException {
    tree.unlinkIfPresent(path(content) + STATE);
    tree.unlinkIfPresent(path(content));
  }

  private static PieceSet rehashed(FileHandle data, PieceLayer layer, PieceSet claimed)
      throws IOException {
    Pieces pieces = layer.content().pieces();
    PieceSet verified = PieceSet.none(pieces.count());
    PieceHasher hasher = new PieceHasher(pieces);
    ByteBuffer buffer = ByteBuffer.allocateDirect(pieces.pieceLength());
    for (int piece = claimed.next(0); piece < pieces.count(); piece = claimed.next(piece + 1)) {
      buffer.clear().limit(pieces.length(piece));
      readFully(data, pieces.offset(piece), buffer);
      hasher.begin(piece);
      hasher.update(buffer);
      if (hasher.finish().equals(layer.hash(piece))) {
        verified.add(piece);
      }
    }
    return verified;
  }

  private static Partial started(ShareTree tree, PieceLayer layer, Runnable onClose)
      throws IOException {
    String path = path(layer.content());
    tree.unlinkIfPresent(path);
    tree.unlinkIfPresent(path + STATE);
    FileHandle data = tree.create(path);
    FileHandle state = null;
    Partial partial = null;
    try {
      data.resize(layer.content().size());
      state = tree.create(path + STATE);
      byte[] hashes = layer.bytes();
      state.write(0, ByteBuffer.allocate(hashes.length + bitBytes(layer)).put(0, hashes));
      PieceSet none = PieceSet.none(layer.content().pieces().count());
      partial = new Partial(tree, layer, data, state, none, onClose);
      return partial;
    } finally {
      if (partial == null) {
        data.close();
        if (state != null) {
          state.close();
        }
        tree.unlinkIfPresent(path);
        tree.unlinkIfPresent(path + STATE);
      }
    }
  }

  private static String path(ContentId content) {
    return FOLDER + "/" + content;
  }

  private static int bitBytes(PieceLayer layer) {
    return Math.ceilDiv(layer.content().pieces().count(), Byte.SIZE);
  }

  static void readFully(FileHandle file, long position, ByteBuffer target) throws IOException {
    int start = target.position();
    while (target.hasRemaining()) {
      if (file.read(position + target.position() - start, target) < 0) {
        throw new java.io.EOFException(file.path());
      }
    }
    target.flip();
  }

  @Override
  public ContentId content() {
    return layer.content();
  }

  @Override
  public PieceLayer layer() {
    return layer;
  }

  /// What has come of pieces that are not complete.
  BegunPieces begun() {
    return begun;
  }

  /// A copy of the set of pieces that are here and verified.
  public synchronized PieceSet verified() {
    return verified.copy();
  }

  public synchronized boolean has(int piece) {
    return verified.contains(piece);
  }

  /// Writes bytes of a piece that the caller verified or, if no other writer has that piece, will
  /// verify before {@link #add}. They are not readable before that. Bytes of a piece that is
  /// counted already are not written again.
  ///
  /// @throws IOException if writing fails; nothing is counted then
  public void write(long position, ByteBuffer bytes) throws IOException {
    if (position < 0 || position + bytes.remaining() > pieces.size()) {
      throw new IndexOutOfBoundsException("bytes " + position + " + " + bytes.remaining());
    }
    if (bytes.hasRemaining() && !has(pieces.pieceAt(position))) {
      data.write(position, bytes);
    } else {
      bytes.position(bytes.limit());
    }
  }

  /// Counts a piece as verified: all its bytes were written and hashed to what the layer says.
  ///
  /// @return whether it is new
  public synchronized boolean add(int piece) throws IOException {
    if (verified.contains(piece)) {
      return false;
    }
    int first = piece & -Byte.SIZE;
    byte bits = (byte) (1 << (piece - first));
    for (int i = first; i < Math.min(first + Byte.SIZE, pieces.count()); i++) {
      if (verified.contains(i)) {
        bits |= (byte) (1 << (i - first));
      }
    }
    state.write(bitsOffset + piece / Byte.SIZE, ByteBuffer.wrap(new byte[] {bits}));
    verified.add(piece);
    notifyAll();
    return true;
  }

  /// Waits until bytes are here and verified, or the download has ended.
  ///
  /// @return whether they are here
  synchronized boolean await(long position, int length, long deadlineNanos)
      throws InterruptedException {
    while (!isHere(position, length)) {
      long leftMillis = TimeUnit.NANOSECONDS.toMillis(deadlineNanos - System.nanoTime());
      if (closed || leftMillis <= 0) {
        return false;
      }
      wait(leftMillis);
    }
    return true;
  }

  synchronized boolean isHere(long position, int length) {
    return verifiedUntil(position, length) >= Math.min(position + length, pieces.size());
  }

  /// The file with what has come, for reading what {@link #isHere}; also after this is closed.
  FileHandle data() throws IOException {
    return data.duplicate();
  }

  /// Writes a whole piece that the caller verified, and counts it.
  ///
  /// @return whether it is new
  public boolean add(int piece, ByteBuffer verifiedBytes) throws IOException {
    if (verifiedBytes.remaining() != pieces.length(piece)) {
      throw new IllegalArgumentException("piece " + piece + ": " + verifiedBytes.remaining());
    }
    write(pieces.offset(piece), verifiedBytes);
    return add(piece);
  }

  /// Reads verified bytes from a position on.
  ///
  /// @throws IOException if the piece at the position is not here yet
  @Override
  public int read(long position, ByteBuffer target) throws IOException {
    if (position >= pieces.size()) {
      return -1;
    }
    long limit = verifiedUntil(position, target.remaining());
    if (limit <= position) {
      throw new IOException("piece " + pieces.pieceAt(position) + " is not here yet");
    }
    int limitBefore = target.limit();
    target.limit((int) Math.min(limitBefore, target.position() + (limit - position)));
    try {
      return data.read(position, target);
    } finally {
      target.limit(limitBefore);
    }
  }

  private synchronized long verifiedUntil(long position, int wanted) {
    int piece = pieces.pieceAt(position);
    while (piece < pieces.count()
        && verified.contains(piece)
        && pieces.offset(piece) < position + wanted) {
      piece++;
    }
    return piece >= pieces.count() ? pieces.size() : pieces.offset(piece);
  }

  /// The whole content, when every piece is verified; this can be read on until it is closed.
  ///
  /// @throws IllegalStateException if pieces are missing
  public ReadyContent finish() {
    synchronized (this) {
      if (!verified.isFull()) {
        throw new IllegalStateException("only " + verified + " pieces of " + content());
      }
    }
    return new ReadyContent(content(), layer, data.path());
  }

  /// Deletes what was downloaded.
  public void discard() throws IOException {
    tree.unlinkIfPresent(data.path() + STATE);
    tree.unlinkIfPresent(data.path());
    close();
  }

  /// Keeps what was downloaded for {@link Share#resume}; after {@link #finish}, ends the reading.
  @Override
  public void close() {
    synchronized (this) {
      if (closed) {
        return;
      }
      closed = true;
      notifyAll();
    }
    data.close();
    state.close();
    onClose.run();
  }

  /// The path of the state that belongs to a finished download, if the content is one.
  static @Nullable String stateOf(ReadyContent content) {
    return content.path().startsWith(FOLDER) ? content.path() + STATE : null;
  }
}
