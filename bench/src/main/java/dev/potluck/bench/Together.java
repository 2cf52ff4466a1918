package dev.potluck.bench;

import dev.potluck.content.PotluckException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/// Does several things at the same time, each on a thread of the kernel's: one that waits for
/// close(2) in a virtual thread would keep a processor's others waiting.
final class Together {
  private Together() {}

  /// Does all of them, so many at a time, and gives the results in their order.
  static <T> List<T> all(int atATime, List<Callable<T>> tasks)
      throws IOException, InterruptedException {
    List<T> results = new ArrayList<>();
    try (ExecutorService executor =
        Executors.newFixedThreadPool(atATime, Thread.ofPlatform().name("bench-", 0).factory())) {
      for (Future<T> one : executor.invokeAll(tasks)) {
        results.add(one.get());
      }
    } catch (ExecutionException e) {
      switch (e.getCause()) {
        case PotluckException known -> throw known;
        case IOException known -> throw known;
        case InterruptedException known -> throw known;
        case null, default -> throw new IllegalStateException(e.getCause());
      }
    }
    return results;
  }
}
