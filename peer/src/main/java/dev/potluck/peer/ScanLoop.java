package dev.potluck.peer;

import dev.potluck.content.FailedException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/// The scanner's thread: scans when asked, soon after a hint, when something settles, and once in a
/// period. Where single files are known to have been touched it looks at those first: a scan is for
/// what Potluck has not done itself. However much changes in the share, hinted scans leave it some
/// rest: nine times what they took, but no more than a second or as long as they took themselves,
/// for a change that comes meanwhile is to be told soon.
final class ScanLoop implements AutoCloseable {
  private static final System.Logger LOG = System.getLogger(ScanLoop.class.getName());
  private static final int ROUNDS_MAX = 3;
  private static final long REST_FACTOR = 9;
  private static final long REST_NS = 1_000_000_000L;

  /// To look at more takes as long as a scan.
  private static final int TOUCHED_MAX = 100_000;

  private final Scanner scanner;
  private final Trash trash;
  private final ShareOptions options;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition woken = lock.newCondition();
  private final Thread thread;

  // Guarded by lock; times are System.nanoTime().
  private final List<Job> jobs = new ArrayList<>();
  private long nextNs = System.nanoTime();
  private long restUntilNs = System.nanoTime();
  private Set<String> touched = new HashSet<>();
  private long lookNs;
  private boolean closed;
  private volatile List<Skipped> skipped = List.of();
  private List<Skipped> doubts = List.of(); // of the scanner's thread

  ScanLoop(Scanner scanner, Trash trash, ShareOptions options) {
    this.scanner = scanner;
    this.trash = trash;
    this.options = options;
    this.thread = Thread.ofPlatform().name("share-scanner").daemon().unstarted(this::run);
  }

  void start() {
    thread.start();
  }

  List<Skipped> skipped() {
    return skipped;
  }

  /// Something changed just now: scan when it can be settled.
  void hint() {
    lock.lock();
    try {
      schedule(System.nanoTime() + options.settle().toNanos());
    } finally {
      lock.unlock();
    }
  }

  /// These files changed just now, be it by Potluck's own doing: look at them when they can be
  /// settled.
  void touched(Set<String> paths) {
    lock.lock();
    try {
      if (touched.isEmpty() && !paths.isEmpty()) {
        lookNs = System.nanoTime() + options.settle().toNanos();
        woken.signal();
      }
      touched.addAll(paths);
      if (touched.size() > TOUCHED_MAX) {
        touched.clear();
        schedule(lookNs);
      }
    } finally {
      lock.unlock();
    }
  }

  /// Scans until everything that was there is settled, a few rounds at most.
  ScanReport rescan(boolean deletionsMeant) {
    CompletableFuture<ScanReport> report = new CompletableFuture<>();
    submit(new Job(() -> report.complete(scanSettled(deletionsMeant)), report));
    return joined(report);
  }

  /// Runs on the scanner's thread.
  <T> T call(IoCall<T> call) {
    CompletableFuture<T> result = new CompletableFuture<>();
    submit(new Job(() -> result.complete(call.run()), result));
    return joined(result);
  }

  private void submit(Job job) {
    lock.lock();
    try {
      if (closed) {
        throw new FailedException("the share is closed");
      }
      jobs.add(job);
      woken.signal();
    } finally {
      lock.unlock();
    }
  }

  private static <T> T joined(CompletableFuture<T> future) {
    try {
      return future.join();
    } catch (CompletionException e) {
      switch (e.getCause()) {
        case RuntimeException cause -> throw cause;
        case null, default -> throw e;
      }
    }
  }

  private void run() {
    while (true) {
      List<Job> due;
      lock.lock();
      try {
        while (!closed && jobs.isEmpty() && System.nanoTime() - dueNs() < 0) {
          long ignored = woken.awaitNanos(dueNs() - System.nanoTime());
        }
        if (closed) {
          jobs.forEach(job -> job.failed().completeExceptionally(closedFailure()));
          return;
        }
        due = List.copyOf(jobs);
        jobs.clear();
      } catch (InterruptedException e) {
        return;
      } finally {
        lock.unlock();
      }
      if (due.isEmpty()) {
        quietly(isScanDue() ? () -> scanOnce(false) : this::look);
      }
      due.forEach(ScanLoop::runJob);
    }
  }

  private static FailedException closedFailure() {
    return new FailedException("the share was closed meanwhile");
  }

  /// When there is something to do, be it only a look.
  private long dueNs() {
    long atNs = touched.isEmpty() || nextNs - lookNs < 0 ? nextNs : lookNs;
    return atNs - restUntilNs < 0 ? restUntilNs : atNs;
  }

  private boolean isScanDue() {
    lock.lock();
    try {
      return touched.isEmpty() || System.nanoTime() - nextNs >= 0;
    } finally {
      lock.unlock();
    }
  }

  /// Scans if something was touched that is not as it was recorded.
  private void look() throws IOException {
    long startNs = System.nanoTime();
    Set<String> paths;
    lock.lock();
    try {
      paths = touched;
      touched = new HashSet<>();
    } finally {
      lock.unlock();
    }
    Scanner.Look look = scanner.look(paths);
    if (look.differs() || isOfLastReport(paths)) {
      scanOnce(false);
    } else {
      touched(look.changing());
      rest(startNs, look.nextDueNs());
    }
  }

  /// Whether something of what the last scan has reported may be mended.
  private boolean isOfLastReport(Set<String> paths) {
    return !doubts.isEmpty() || skipped.stream().anyMatch(one -> paths.contains(one.path()));
  }

  private void quietly(IoAction action) {
    try {
      action.run();
      trash.prune();
    } catch (NotTheShareException e) {
      LOG.log(System.Logger.Level.DEBUG, "no scan: {0}", e.getMessage());
    } catch (IOException | RuntimeException e) {
      LOG.log(System.Logger.Level.WARNING, "a scan of the share failed; it goes on later", e);
      lock.lock();
      try {
        nextNs = System.nanoTime() + options.rescanPeriod().toNanos();
      } finally {
        lock.unlock();
      }
    }
  }

  private static void runJob(Job job) {
    try {
      job.call().run();
    } catch (IOException e) {
      job.failed()
          .completeExceptionally(
              new FailedException("can't scan the share: " + ShareWalk.why(e), e));
    } catch (UncheckedIOException e) {
      job.failed().completeExceptionally(new FailedException("can't scan the share: " + e, e));
    } catch (RuntimeException e) {
      job.failed().completeExceptionally(e);
    }
  }

  private ScanReport scanSettled(boolean deletionsMeant) throws IOException {
    Scanner.Result result = scanOnce(deletionsMeant);
    ScanReport total = result.report();
    for (int round = 1; round < ROUNDS_MAX && result.unsettled() > 0; round++) {
      pauseUntil(result.settledNs());
      result = scanOnce(deletionsMeant);
      total = total.followedBy(result.report());
    }
    return total;
  }

  private void pauseUntil(long wallNs) throws IOException {
    long waitNs = wallNs - FileStat.nanos(options.clock().instant());
    lock.lock();
    try {
      long untilNs = System.nanoTime() + Math.clamp(waitNs, 1_000_000, settleMaxNs());
      for (long leftNs; !closed && (leftNs = untilNs - System.nanoTime()) > 0; ) {
        long ignored = woken.awaitNanos(leftNs);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new java.io.InterruptedIOException("interrupted while files settle");
    } finally {
      lock.unlock();
    }
  }

  private long settleMaxNs() {
    long settleNs = Math.max(options.settle().toNanos(), FileRecord.RACY_NS);
    return settleNs + TimeUnit.MILLISECONDS.toNanos(10);
  }

  private Scanner.Result scanOnce(boolean deletionsMeant) throws IOException {
    long startNs = System.nanoTime();
    lock.lock();
    try {
      nextNs = startNs + options.rescanPeriod().toNanos();
      touched.clear();
    } finally {
      lock.unlock();
    }
    Scanner.Result result = scanned(deletionsMeant);
    skipped = result.report().skipped();
    rest(startNs, result.nextDueNs());
    return result;
  }

  /// @param dueNs wall-clock time at which to scan again; Long.MAX_VALUE if nothing is due
  private void rest(long startNs, long dueNs) {
    lock.lock();
    try {
      long endNs = System.nanoTime();
      long tookNs = endNs - startNs;
      restUntilNs = endNs + Math.min(REST_FACTOR * tookNs, Math.max(REST_NS, tookNs));
      if (dueNs != Long.MAX_VALUE) {
        long inNs = dueNs - FileStat.nanos(options.clock().instant());
        schedule(endNs + Math.clamp(inNs, 1_000_000, options.rescanPeriod().toNanos()));
      }
    } finally {
      lock.unlock();
    }
  }

  private Scanner.Result scanned(boolean deletionsMeant) throws IOException {
    try {
      Scanner.Result result = scanner.scan(deletionsMeant);
      doubtful(result.doubts());
      return result;
    } catch (NotTheShareException e) {
      scanner.lost("this is not the share any more: " + e.getMessage());
      throw e;
    }
  }

  /// Says it once when files are missing that may not have been deleted.
  private void doubtful(List<Skipped> now) {
    if (!now.equals(doubts)) {
      doubts = now;
      now.forEach(
          doubt -> LOG.log(System.Logger.Level.WARNING, "{0}: {1}", doubt.path(), doubt.why()));
    }
  }

  private void schedule(long atNs) {
    if (atNs - nextNs < 0) {
      nextNs = atNs;
      woken.signal();
    }
  }

  @Override
  public void close() {
    lock.lock();
    try {
      closed = true;
      woken.signalAll();
    } finally {
      lock.unlock();
    }
    try {
      thread.join(java.time.Duration.ofSeconds(3));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @FunctionalInterface
  interface IoCall<T> {
    T run() throws IOException;
  }

  @FunctionalInterface
  private interface IoAction {
    void run() throws IOException;
  }

  private record Job(IoCall<?> call, CompletableFuture<?> failed) {}
}
