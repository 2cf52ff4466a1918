package dev.potluck.peer;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;

/// How far a `get` of one or many files is. Thread-safe.
final class GetProgress {
  private static final long INTERVAL_MS = 250;

  private final int filesOf;
  private final long bytesOf;
  private final ExchangeThread thread;
  private final AtomicLong files = new AtomicLong();
  private final AtomicLong bytes = new AtomicLong();
  private final List<Fetch> fetches = new ArrayList<>();
  private long lastBytes;
  private long lastNanos = System.nanoTime();

  GetProgress(int filesOf, long bytesOf, ExchangeThread thread) {
    this.filesOf = filesOf;
    this.bytesOf = bytesOf;
    this.thread = thread;
  }

  /// A download has begun, whose progress counts. Exchange thread.
  void watch(Fetch fetch) {
    fetches.add(fetch);
  }

  /// A file is done that nobody watched.
  void done(long sizeBytes) {
    files.incrementAndGet();
    bytes.addAndGet(sizeBytes);
  }

  void bytes(long more) {
    bytes.addAndGet(more);
  }

  void files(long more) {
    files.addAndGet(more);
  }

  /// Waits a moment.
  ///
  /// @return whether the work is over
  boolean awaitEnd(Future<?> work) throws InterruptedException {
    try {
      work.get(INTERVAL_MS, TimeUnit.MILLISECONDS);
      return true;
    } catch (TimeoutException e) {
      return false;
    } catch (ExecutionException | CancellationException e) {
      return true;
    }
  }

  Documents.Progress now() throws InterruptedException {
    CompletableFuture<Documents.Progress> answer = new CompletableFuture<>();
    thread.run(() -> answer.complete(sum()));
    try {
      return answer.get();
    } catch (ExecutionException e) {
      throw new IllegalStateException(e.getCause());
    }
  }

  private Documents.Progress sum() {
    long sum = bytes.get();
    int holders = 0;
    String name = "";
    for (Fetch fetch : fetches) {
      Fetch.Progress one = fetch.progress();
      sum += one.bytes();
      if (!fetch.done().isDone()) {
        holders = Math.max(holders, one.holders());
      }
    }
    long now = System.nanoTime();
    long rate = (long) ((sum - lastBytes) / Math.max(1e-3, (now - lastNanos) / 1e9));
    lastBytes = sum;
    lastNanos = now;
    return new Documents.Progress(
        name, Math.min(sum, bytesOf), bytesOf, rate, holders, (int) files.get(), filesOf);
  }
}
