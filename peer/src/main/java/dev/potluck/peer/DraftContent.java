package dev.potluck.peer;

import dev.potluck.content.ContentId;
import dev.potluck.content.PieceHasher;
import dev.potluck.content.PieceLayer;
import dev.potluck.content.Pieces;
import dev.potluck.content.Root;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// The bytes of a draft: what was written, over the version it was made from, over zeros. What was
/// written lies in a sparse file of Potluck's own, each byte where it will be in the end, so that
/// filling its gaps makes the whole. Whoever uses it sees to it that nobody writes while others
/// read.
final class DraftContent implements Commits.Sealing, AutoCloseable {
  private static final int COPY_BYTES = 1 << 20;
  private static final int ZERO_BYTES = 64 << 10;
  private static final int NONE = -1;

  private final Scratches scratches;
  private final Ranges written = new Ranges();
  private @Nullable OpenFile base;
  private Optional<PieceLayer> baseLayer = Optional.empty();

  /// Up to here the base shows through, where nothing was written.
  private long baseLimit;

  private @Nullable FileHandle scratch;
  private long size;

  /// Follows what is written, as long as that comes from the first byte on and in order.
  private @Nullable FollowingHash following;

  /// Where drafts write.
  interface Scratches {
    /// A new, empty file of Potluck's own.
    FileHandle create() throws IOException;

    void delete(FileHandle file) throws IOException;

    /// Hashes the whole of a file.
    PieceLayer hash(FileHandle file, long size) throws IOException;

    /// A hash that follows whoever writes a new file.
    FollowingHash follow();
  }

  /// Without any bytes.
  DraftContent(Scratches scratches) {
    this.scratches = scratches;
    this.following = scratches.follow();
  }

  /// All of a version.
  ///
  /// @param version belongs to this from here on
  /// @param layer the version's piece hashes, if they are known
  DraftContent(Scratches scratches, OpenFile version, long sizeBytes, Optional<PieceLayer> layer) {
    this.scratches = scratches;
    rebase(version, sizeBytes, layer);
  }

  /// Becomes all of a version; nothing may have been written.
  void rebase(OpenFile version, long sizeBytes, Optional<PieceLayer> layer) {
    if (scratch != null) {
      throw new IllegalStateException("written already");
    }
    setBase(version, layer);
    baseLimit = sizeBytes;
    size = sizeBytes;
    follow(null);
  }

  private void follow(@Nullable FollowingHash now) {
    if (following != null) {
      following.end();
    }
    following = now;
  }

  private void setBase(@Nullable OpenFile now, Optional<PieceLayer> layer) {
    if (base != null) {
      base.close();
    }
    base = now;
    baseLayer = layer;
  }

  long size() {
    return size;
  }

  /// Reads until the target is full or the content at its end.
  ///
  /// @return how many bytes, -1 at the end
  int read(long position, ByteBuffer target) throws IOException, InterruptedException {
    if (position >= size) {
      return target.hasRemaining() ? -1 : 0;
    }
    int count = (int) Math.min(target.remaining(), size - position);
    int end = target.position() + count;
    int limit = target.limit();
    long at = position;
    while (target.position() < end) {
      int part = (int) Math.min(end - target.position(), partEnd(at) - at);
      target.limit(target.position() + part);
      readPart(at, target);
      at += part;
    }
    target.limit(limit);
    return count;
  }

  /// Where what lies at a position ends: bytes written, bytes of the base, or zeros.
  private long partEnd(long position) {
    long end = Math.min(size, written.endAt(position));
    return position < baseLimit && !written.contains(position) ? Math.min(end, baseLimit) : end;
  }

  private void readPart(long position, ByteBuffer target) throws IOException, InterruptedException {
    if (written.contains(position)) {
      readFully(position, target);
    } else if (position < baseLimit && base != null) {
      int start = target.position();
      while (target.hasRemaining()) {
        if (base.read(position + target.position() - start, target) <= 0) {
          throw new EOFException("the version it was made from has become shorter");
        }
      }
    } else {
      while (target.hasRemaining()) {
        target.put((byte) 0);
      }
    }
  }

  private void readFully(long position, ByteBuffer target) throws IOException {
    int wanted = target.remaining();
    if (LocalOpenFile.readFully(file(), position, target) != wanted) {
      throw new EOFException("the draft has become shorter");
    }
  }

  private FileHandle file() throws IOException {
    FileHandle file = scratch;
    if (file == null) {
      file = scratches.create();
      scratch = file;
    }
    return file;
  }

  /// Puts bytes at a position, all that the buffer has.
  void write(long position, ByteBuffer bytes) throws IOException {
    if (!bytes.hasRemaining()) {
      return;
    }
    long end = Math.addExact(position, bytes.remaining());
    ByteBuffer hashed = bytes.duplicate();
    if (following != null && following.size() != position) {
      follow(null);
    }
    boolean done = false;
    try {
      file().write(position, bytes);
      done = true;
    } finally {
      if (!done) {
        follow(null); // It may have left some of it behind the end.
      }
    }
    written.add(position, end);
    size = Math.max(size, end);
    if (following != null) {
      following.wrote(file(), hashed);
    }
  }

  /// Makes it this long: what is beyond goes, what is added are zeros.
  void resize(long newSize) throws IOException {
    if (newSize < size) {
      written.cut(newSize);
      baseLimit = Math.min(baseLimit, newSize);
      if (scratch != null) {
        scratch.resize(newSize);
      }
      follow(newSize == 0 ? scratches.follow() : null);
    }
    size = newSize;
  }

  /// Makes a place zeros, without changing the size.
  void zero(long from, long to) throws IOException {
    long end = Math.min(to, size);
    ByteBuffer zeros = ByteBuffer.allocateDirect(Math.clamp(end - from, 0, ZERO_BYTES));
    for (long at = from; at < end; at += zeros.limit()) {
      zeros.clear().limit((int) Math.min(zeros.capacity(), end - at));
      write(at, zeros);
    }
  }

  /// Where data, or with `hole` a hole, begins at or after a position; -1 if there is none before
  /// the end. Zeros that nobody wrote are holes, and so is what follows the end.
  long seek(long position, boolean hole) {
    long at = position;
    while (at < size && isHole(at) != hole) {
      at = partEnd(at);
    }
    if (at < size) {
      return at;
    }
    return hole && position < size ? size : -1;
  }

  private boolean isHole(long position) {
    return position >= baseLimit && !written.contains(position);
  }

  @Override
  public Optional<ContentId> littleChangeOf() {
    PieceLayer before = baseLayer.orElse(null);
    if (before == null || base == null) {
      return Optional.empty();
    }
    long baseBytes = before.content().size();
    boolean shows = baseLimit == baseBytes && size >= baseBytes;
    return shows && DraftChange.isLittle(written, baseBytes) && isOfSamePieces(before)
        ? Optional.of(before.content())
        : Optional.empty();
  }

  @Override
  public DraftChange change() throws IOException, InterruptedException {
    PieceLayer before = baseLayer.orElseThrow();
    return new DraftChange(before.content(), layerOver(before), file(), written.all());
  }

  /// What was changed is safe elsewhere, from where it is read from here on. What is written
  /// afterwards lies over that.
  @Override
  public void changeIsSafe(OpenFile whole, PieceLayer layer) throws IOException {
    file().resize(0);
    written.clear();
    setBase(whole, Optional.of(layer));
    baseLimit = size;
  }

  /// Makes the whole of it a file that is ready to be put in place, from which it is read from here
  /// on. What is written afterwards lies over that.
  ///
  /// @throws IOException if a disk fails; nothing is lost then, and it may be tried again
  @Override
  public SealedDraft seal() throws IOException, InterruptedException {
    FileHandle whole = file();
    fill(whole);
    if (!isWrittenInOrder()) {
      whole.resize(size);
    }
    PieceLayer layer = layerOf(whole);
    setBase(new SealedFile(whole), Optional.of(layer));
    baseLimit = size;
    written.clear();
    scratch = null;
    follow(null);
    return new SealedDraft(
        new ReadyContent(layer.content(), layer, whole.path()), whole, bytesOf(whole));
  }

  /// Of what is small enough for the journal.
  private @Nullable ByteBuffer bytesOf(FileHandle whole) throws IOException {
    if (size > EditJournal.CONTENT_BYTES_MAX) {
      return null;
    }
    ByteBuffer bytes = ByteBuffer.allocateDirect((int) size);
    if (LocalOpenFile.readFully(whole, 0, bytes) != size) {
      throw new EOFException("the draft has become shorter");
    }
    return bytes.flip();
  }

  /// What was sealed is a file of the share now: whoever writes into that ends its being read here.
  ///
  /// @param recorded who knows what was done to the file of a content
  void sealedIsInPlace(Function<ContentId, LocalOpenFile.Recorded> recorded) throws IOException {
    if (base instanceof SealedFile(var file)) {
      ContentId content = baseLayer.orElseThrow().content();
      setBase(new LocalOpenFile(file.duplicate(), recorded.apply(content)), baseLayer);
    }
  }

  private void fill(FileHandle whole) throws IOException, InterruptedException {
    long limit = Math.min(baseLimit, size);
    int source = limit == 0 || base == null ? NONE : base.descriptor().orElse(NONE);
    try {
      for (long at = 0; at < limit; ) {
        long end = Math.min(limit, written.endAt(at));
        if (!written.contains(at)) {
          copy(whole, source == NONE ? at : whole.copyFrom(source, at, end), end);
        }
        at = end;
      }
    } finally {
      if (source != NONE) {
        LinuxFiles.close(source);
      }
    }
    if (limit > 0 && base != null) {
      var _ = base.read(0, ByteBuffer.allocateDirect(1)); // Fails if it was changed meanwhile.
    }
  }

  /// What the kernel can't copy, as from a version that is still being fetched.
  private void copy(FileHandle whole, long from, long to) throws IOException, InterruptedException {
    if (from == to) {
      return;
    }
    ByteBuffer buffer = ByteBuffer.allocateDirect((int) Math.min(COPY_BYTES, to - from));
    for (long at = from; at < to; at += buffer.limit()) {
      buffer.clear().limit((int) Math.min(buffer.capacity(), to - at));
      readPart(at, buffer);
      whole.write(at, buffer.flip());
    }
  }

  /// Whether it was written from its begin to its end, and is as long.
  private boolean isWrittenInOrder() {
    return following != null && following.size() == size;
  }

  /// The hashes of the whole: known from the writing, or of the pieces that have changed.
  private PieceLayer layerOf(FileHandle whole) throws IOException, InterruptedException {
    if (following != null && isWrittenInOrder()) {
      Optional<PieceLayer> layer = following.layer(whole);
      return layer.isPresent() ? layer.get() : scratches.hash(whole, size);
    }
    PieceLayer before = baseLayer.orElse(null);
    return before == null || !isOfSamePieces(before)
        ? scratches.hash(whole, size)
        : layerOver(before);
  }

  private boolean isOfSamePieces(PieceLayer before) {
    Pieces pieces = new Pieces(size);
    return pieces.count() > 1
        && before.content().pieces().count() > 1
        && before.content().pieces().pieceLength() == pieces.pieceLength();
  }

  private PieceLayer layerOver(PieceLayer before) throws IOException, InterruptedException {
    Pieces pieces = new Pieces(size);
    byte[] hashes = new byte[Math.multiplyExact(pieces.count(), Root.BYTES)];
    PieceHasher hasher = new PieceHasher(pieces);
    ByteBuffer buffer = ByteBuffer.allocateDirect(pieces.pieceLength());
    for (int piece = 0; piece < pieces.count(); piece++) {
      Root hash =
          isAsBefore(pieces, piece, before.content().pieces())
              ? before.hash(piece)
              : hashed(pieces, piece, hasher, buffer);
      hash.copyTo(hashes, piece * Root.BYTES);
    }
    return PieceLayer.of(pieces, hashes);
  }

  private boolean isAsBefore(Pieces pieces, int piece, Pieces before) {
    long from = pieces.offset(piece);
    long to = from + pieces.length(piece);
    return piece < before.count()
        && before.length(piece) == pieces.length(piece)
        && to <= baseLimit
        && !written.intersects(from, to);
  }

  private Root hashed(Pieces pieces, int piece, PieceHasher hasher, ByteBuffer buffer)
      throws IOException, InterruptedException {
    buffer.clear().limit(pieces.length(piece));
    if (read(pieces.offset(piece), buffer) != pieces.length(piece)) {
      throw new EOFException("the draft has become shorter");
    }
    hasher.begin(piece);
    hasher.update(buffer.flip());
    return hasher.finish();
  }

  /// Throws away what was written.
  @Override
  public void close() throws IOException {
    setBase(null, Optional.empty());
    follow(null);
    FileHandle file = scratch;
    scratch = null;
    if (file != null) {
      file.close();
      scratches.delete(file);
    }
  }
}
