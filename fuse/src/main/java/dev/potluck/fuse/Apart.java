package dev.potluck.fuse;

import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/// Runs system calls that may need answers of our own mount on a thread of the operating system: on
/// a virtual thread they would hold one of the few threads that carry the answers.
final class Apart {
  private Apart() {}

  /// What may fail as system calls do.
  @FunctionalInterface
  interface Call<T> {
    T call() throws IOException, InterruptedException;
  }

  /// @throws IOException as the call throws it
  static <T> T call(String name, Call<T> call) throws IOException, InterruptedException {
    return finish(start(name, call));
  }

  /// Waits to the end also if it is interrupted, which shows again when this returns: for what must
  /// be known to be done or not, and takes no time to speak of.
  static <T> T callToEnd(String name, Call<T> call) throws IOException, InterruptedException {
    FutureTask<T> task = start(name, call);
    boolean interrupted = false;
    while (!task.isDone()) {
      try {
        task.get();
      } catch (InterruptedException _) {
        interrupted = true;
      } catch (ExecutionException _) {
        break; // told below
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
    return finish(task);
  }

  /// Waits a while; who is still busy then is left to itself.
  static <T> Optional<T> call(String name, Duration atMost, Call<T> call)
      throws IOException, InterruptedException {
    FutureTask<T> task = start(name, call);
    try {
      return Optional.of(task.get(atMost.toMillis(), TimeUnit.MILLISECONDS));
    } catch (TimeoutException _) {
      return Optional.empty();
    } catch (ExecutionException _) {
      return Optional.of(finish(task));
    }
  }

  private static <T> FutureTask<T> start(String name, Call<T> call) {
    FutureTask<T> task = new FutureTask<>(call::call);
    Thread.ofPlatform().daemon().name(name).start(task);
    return task;
  }

  private static <T> T finish(FutureTask<T> task) throws IOException, InterruptedException {
    try {
      return task.get();
    } catch (ExecutionException e) {
      switch (e.getCause()) {
        case IOException cause -> throw cause;
        case InterruptedException cause -> throw cause;
        case RuntimeException cause -> throw cause;
        case Error cause -> throw cause;
        case null, default -> throw new IllegalStateException(e);
      }
    }
  }
}
