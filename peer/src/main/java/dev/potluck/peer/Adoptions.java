package dev.potluck.peer;

import dev.potluck.content.FailedException;
import dev.potluck.content.Name;
import dev.potluck.content.PotluckException;
import dev.potluck.content.UnavailableException;
import dev.potluck.directory.PeerId;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/// What members that leave give to this machine: it keeps the files that they alone had.
/// Thread-safe.
final class Adoptions implements AutoCloseable {
  /// Who gives asks again while files are on their way.
  private static final Duration ANSWER = Duration.ofSeconds(10);

  private final Bringer bringer;
  private final Map<PeerId, Job> jobs = new ConcurrentHashMap<>();
  private final ExecutorService threads =
      Executors.newThreadPerTaskExecutor(Thread.ofVirtual().name("adopt-", 0).factory());

  private record Job(List<Name> names, Future<?> work) {}

  /// Brings files here from a member, to be kept.
  @FunctionalInterface
  interface Bringer {
    void bring(List<Name> names, PeerId giver) throws IOException, InterruptedException;
  }

  Adoptions(Bringer bringer) {
    this.bringer = bringer;
  }

  /// Fetches files from a member, or goes on with it; waits a while.
  ///
  /// @return whether all is here; false: it is on its way
  /// @throws PotluckException if it failed
  boolean adopt(PeerId giver, List<Name> names) {
    Job job = jobs.compute(giver, (_, now) -> isAbout(now, names) ? now : begin(giver, names));
    try {
      var _ = job.work.get(ANSWER.toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException e) {
      return false;
    } catch (ExecutionException e) {
      switch (e.getCause()) {
        case PotluckException known -> throw known;
        case IOException known ->
            throw new FailedException(String.valueOf(known.getMessage()), known);
        case null, default -> throw new IllegalStateException(e.getCause());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new UnavailableException("this machine is ending", e);
    }
    return true;
  }

  private static boolean isAbout(@Nullable Job job, List<Name> names) {
    return job != null && !job.work.isDone() && job.names.equals(names);
  }

  private Job begin(PeerId giver, List<Name> names) {
    return new Job(
        names,
        threads.submit(
            () -> {
              bringer.bring(names, giver);
              return names;
            }));
  }

  @Override
  public void close() {
    threads.shutdownNow();
  }
}
