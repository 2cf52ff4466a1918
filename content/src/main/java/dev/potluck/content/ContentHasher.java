package dev.potluck.content;

import java.io.EOFException;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicInteger;

/// Hashes whole contents, the pieces of large ones side by side. Thread-safe.
public final class ContentHasher {
  private static final int READ_BYTES = 128 << 10;

  private final Executor executor;
  private final int parallelism;

  /// @param executor runs parts of large contents; the calling thread always does a share itself
  /// @param parallelism how many parts run at once, the caller's included
  public ContentHasher(Executor executor, int parallelism) {
    if (parallelism < 1) {
      throw new IllegalArgumentException("parallelism " + parallelism);
    }
    this.executor = executor;
    this.parallelism = parallelism;
  }

  /// Reads a content once and finds its id and piece layer.
  ///
  /// @param size bytes to read from position 0
  /// @throws EOFException if the source is shorter than that, such as a file truncated meanwhile
  /// @throws InterruptedIOException if the thread is interrupted while others still read
  public Hashed hash(ByteSource source, long size) throws IOException {
    Pieces pieces = new Pieces(size);
    int count = pieces.count();
    byte[] hashes = new byte[Math.multiplyExact(count, Root.BYTES)];
    AtomicInteger next = new AtomicInteger();
    List<FutureTask<Void>> parts = new ArrayList<>();
    for (int i = 0; i < Math.min(parallelism, count); i++) {
      parts.add(
          new FutureTask<>(
              () -> {
                hashPieces(source, pieces, hashes, next);
                return null;
              }));
    }
    parts.stream().skip(1).forEach(executor::execute);
    if (!parts.isEmpty()) {
      parts.getFirst().run();
    }
    awaitAll(parts);
    PieceLayer layer = PieceLayer.of(pieces, hashes);
    return new Hashed(layer.content(), layer);
  }

  /// Takes the next piece until none is left or a part failed.
  private static void hashPieces(
      ByteSource source, Pieces pieces, byte[] hashes, AtomicInteger next) throws IOException {
    int count = pieces.count();
    PieceHasher hasher = new PieceHasher(pieces);
    ByteBuffer buffer = ByteBuffer.allocateDirect((int) Math.min(READ_BYTES, pieces.size()));
    boolean done = false;
    try {
      for (int piece = next.getAndIncrement(); piece < count; piece = next.getAndIncrement()) {
        hasher.begin(piece);
        feed(source, pieces.offset(piece), pieces.length(piece), buffer, hasher);
        hasher.finish().copyTo(hashes, piece * Root.BYTES);
      }
      done = true;
    } finally {
      if (!done) {
        next.set(count);
      }
    }
  }

  private static void feed(
      ByteSource source, long offset, int length, ByteBuffer buffer, PieceHasher hasher)
      throws IOException {
    for (int fed = 0; fed < length; ) {
      buffer.clear().limit(Math.min(buffer.capacity(), length - fed));
      if (source.read(offset + fed, buffer) <= 0) {
        throw new EOFException("it ends at byte " + (offset + fed));
      }
      fed += buffer.flip().remaining();
      hasher.update(buffer);
    }
  }

  private static void awaitAll(List<FutureTask<Void>> parts) throws IOException {
    IOException failure = null;
    for (FutureTask<Void> part : parts) {
      try {
        part.get();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        parts.forEach(p -> p.cancel(true));
        throw new InterruptedIOException("interrupted while hashing");
      } catch (ExecutionException e) {
        failure = failure == null ? asIoException(e) : failure;
      }
    }
    if (failure != null) {
      throw failure;
    }
  }

  private static IOException asIoException(ExecutionException e) {
    return switch (e.getCause()) {
      case IOException cause -> cause;
      case RuntimeException cause -> throw cause;
      case Error cause -> throw cause;
      case null, default -> new IOException(e.getCause());
    };
  }

  /// What hashing found.
  public record Hashed(ContentId content, PieceLayer layer) {}
}
