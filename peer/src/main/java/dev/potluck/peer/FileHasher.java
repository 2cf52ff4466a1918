package dev.potluck.peer;

import dev.potluck.content.ByteSource;
import dev.potluck.content.ContentHasher;
import dev.potluck.content.ContentId;
import dev.potluck.content.PieceHasher;
import dev.potluck.content.PieceLayer;
import dev.potluck.content.Pieces;
import dev.potluck.content.Root;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.NoSuchFileException;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

/// Hashes files and symlinks of the share on all cores: large ones in parts, small ones side by
/// side. A result is only given for a file that was the same before and after. Thread-safe.
final class FileHasher {
  private static final int CORES = Runtime.getRuntime().availableProcessors();
  private static final long SIDE_BY_SIDE_BYTES = 8 << 20;

  private final ShareTree tree;
  private final Clock clock;
  private final Executor executor;
  private volatile boolean stopped;
  private final ContentHasher inParts;
  private final ContentHasher alone = new ContentHasher(Runnable::run, 1);

  FileHasher(ShareTree tree, Clock clock, Executor executor) {
    this.tree = tree;
    this.clock = clock;
    this.executor = executor;
    this.inParts = new ContentHasher(executor, CORES);
  }

  /// Makes running and later calls give up soon.
  void stop() {
    stopped = true;
  }

  /// What came of hashing one file.
  sealed interface Result {
    /// @param racy whether it was hashed within two seconds of its last change
    record Hashed(FileStat stat, PieceLayer layer, boolean racy) implements Result {}

    /// It changed while it was read, or before, or is gone or something else.
    record Unsettled() implements Result {}

    record Failed(String why) implements Result {}
  }

  /// Hashes many, telling results as they come, one at a time.
  void hashAll(List<ScanCandidate> candidates, Consumer<ScanCandidate.Done> results)
      throws IOException {
    List<ScanCandidate> small =
        candidates.stream().filter(c -> c.stat().identity().size() <= SIDE_BY_SIDE_BYTES).toList();
    AtomicInteger next = new AtomicInteger();
    List<FutureTask<Boolean>> workers = new ArrayList<>();
    for (int i = 0; i < Math.min(CORES, small.size()); i++) {
      workers.add(
          new FutureTask<>(
              () -> {
                for (int at; (at = next.getAndIncrement()) < small.size(); ) {
                  ScanCandidate candidate = small.get(at);
                  Result result = hash(candidate.path(), candidate.stat(), alone);
                  synchronized (results) {
                    results.accept(new ScanCandidate.Done(candidate, result));
                  }
                }
              },
              true));
    }
    workers.stream().skip(1).forEach(executor::execute);
    if (!workers.isEmpty()) {
      workers.getFirst().run();
    }
    await(workers);
    for (ScanCandidate candidate : candidates) {
      if (candidate.stat().identity().size() > SIDE_BY_SIDE_BYTES) {
        Result result = hash(candidate.path(), candidate.stat());
        results.accept(new ScanCandidate.Done(candidate, result));
      }
    }
  }

  /// @param expected what was seen there: a file or a symlink
  Result hash(String path, FileStat expected) {
    return hash(path, expected, inParts);
  }

  private Result hash(String path, FileStat expected, ContentHasher hasher) {
    FileIdentity identity = expected.identity();
    try (FileSource file = tree.open(path, expected.kind())) {
      long startNs = FileStat.nanos(clock.instant());
      FileStat before = file.stat();
      if (!before.hasContent() || !before.identity().equals(identity)) {
        return new Result.Unsettled();
      }
      if (file instanceof Symlink link && link.targetBytes() != identity.size()) {
        return new Result.Failed("its file system does not say how long its target is");
      }
      PieceLayer layer = layerOf(file, identity.size(), hasher);
      boolean same =
          file.stat().identity().equals(identity)
              && tree.stat(path).filter(s -> s.identity().equals(identity)).isPresent();
      return same
          ? new Result.Hashed(before, layer, startNs - identity.ctimeNs() < FileRecord.RACY_NS)
          : new Result.Unsettled();
    } catch (NoSuchFileException | java.io.EOFException | Errno.SymlinkInPathException e) {
      return new Result.Unsettled();
    } catch (IOException e) {
      return new Result.Failed("can't read it: " + ShareWalk.why(e));
    }
  }

  private PieceLayer layerOf(FileSource file, long size, ContentHasher hasher) throws IOException {
    ByteSource stoppable =
        (position, target) -> {
          if (stopped) {
            throw new java.io.InterruptedIOException("the share is being closed");
          }
          return file.read(position, target);
        };
    return size <= Pieces.MIN_LENGTH ? onePiece(file, size) : hasher.hash(stoppable, size).layer();
  }

  /// Of a file nobody else changes.
  PieceLayer layerOf(FileSource file, long size) throws IOException {
    return layerOf(file, size, inParts);
  }

  /// The short way for the many small files of a share.
  private static PieceLayer onePiece(FileSource file, long size) throws IOException {
    ByteBuffer buffer = ByteBuffer.allocateDirect((int) size);
    while (buffer.hasRemaining()) {
      if (file.read(buffer.position(), buffer) < 0) {
        throw new java.io.EOFException(file.path());
      }
    }
    Root root = Root.ZERO;
    if (size > 0) {
      PieceHasher hasher = new PieceHasher(new Pieces(size));
      hasher.begin(0);
      hasher.update(buffer.flip());
      root = hasher.finish();
    }
    return PieceLayer.verified(new ContentId(root, size), new byte[0]).orElseThrow();
  }

  private static void await(List<FutureTask<Boolean>> workers) throws IOException {
    try {
      for (FutureTask<Boolean> worker : workers) {
        worker.get();
      }
    } catch (InterruptedException e) {
      workers.forEach(worker -> worker.cancel(true));
      Thread.currentThread().interrupt();
      throw new java.io.InterruptedIOException("interrupted while hashing");
    } catch (ExecutionException e) {
      throw new IllegalStateException("a scan's worker failed", e.getCause());
    }
  }
}
