package dev.potluck.peer;

import dev.potluck.content.Name;
import dev.potluck.content.UnavailableException;
import dev.potluck.directory.Verdict;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

/// Who waits for the directory's word about a name. Thread-safe. Who stops waiting cancels the
/// future, and is forgotten.
final class AwaitedVerdicts {
  // Guarded by this.
  private final Map<Name, List<CompletableFuture<Verdict>>> waiting = new HashMap<>();
  private boolean closed;

  CompletableFuture<Verdict> await(Name name) {
    CompletableFuture<Verdict> verdict = new CompletableFuture<>();
    synchronized (this) {
      if (closed) {
        verdict.completeExceptionally(ending());
        return verdict;
      }
      waiting.computeIfAbsent(name, _ -> new ArrayList<>()).add(verdict);
    }
    var _ = verdict.whenComplete((_, _) -> forgetDone(name));
    return verdict;
  }

  private synchronized void forgetDone(Name name) {
    waiting.computeIfPresent(
        name,
        (_, all) -> {
          all.removeIf(CompletableFuture::isDone);
          return all.isEmpty() ? null : all;
        });
  }

  void complete(Verdict verdict) {
    List<CompletableFuture<Verdict>> waiters;
    synchronized (this) {
      waiters = List.copyOf(waiting.getOrDefault(verdict.name(), List.of()));
    }
    waiters.forEach(waiter -> waiter.complete(verdict));
  }

  /// How many names are waited for.
  synchronized int size() {
    return waiting.size();
  }

  /// Completes when all have been heard of that are waited for now.
  CompletableFuture<Void> all() {
    CompletableFuture<?>[] now;
    synchronized (this) {
      now = waiting.values().stream().flatMap(List::stream).toArray(CompletableFuture<?>[]::new);
    }
    return CompletableFuture.allOf(now);
  }

  void close() {
    List<CompletableFuture<Verdict>> all;
    synchronized (this) {
      closed = true;
      all = waiting.values().stream().flatMap(List::stream).toList();
    }
    all.forEach(waiter -> waiter.completeExceptionally(ending()));
  }

  private static UnavailableException ending() {
    return new UnavailableException("this peer is ending: ask again when it is back");
  }
}
