package dev.potluck.peer;

import dev.potluck.content.ConflictException;
import dev.potluck.content.Name;
import dev.potluck.content.UnavailableException;
import dev.potluck.directory.Command;
import dev.potluck.directory.HeldLock;
import dev.potluck.directory.PeerId;
import dev.potluck.directory.Refusal;
import dev.potluck.directory.Result;
import dev.potluck.directory.WriteLock;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/// Where peers stand in line for locks, at the seat that leads: who came first is served first. The
/// line is soft: who waits at a seat that ends asks the next one, and stands behind whoever was
/// quicker. Thread-safe; whoever waits blocks its own thread.
final class LockDesk implements AutoCloseable {
  private final Table table;

  // Guarded by this.
  private final Map<Name, Deque<Waiter>> lines = new HashMap<>();
  private long changes;
  private boolean closed;

  /// The locks there are.
  interface Table {
    Optional<HeldLock> holder(Name name);

    /// Whether a peer's session runs, on which its locks would hang.
    boolean isHere(PeerId peer);

    /// Makes a command durable and applies it.
    Result commit(Command command);
  }

  /// One who stands in line; each is another one. Guarded by the desk.
  private static final class Waiter {
    boolean away;
  }

  LockDesk(Table table) {
    this.table = table;
  }

  /// Takes the lock of a name for a peer, as soon as it is free and nobody was there before.
  ///
  /// @throws ConflictException naming who has it, if it is not free in time
  /// @throws UnavailableException if the peer has no session, the thread is interrupted, or this
  ///   seat ends
  HeldLock lock(PeerId peer, Name name, Duration wait) {
    long deadlineNanos = Retry.deadline(wait);
    Waiter waiter = new Waiter();
    join(name, waiter);
    try {
      while (true) {
        long seen = changes();
        Optional<HeldLock> holder = table.holder(name);
        boolean here = table.isHere(peer);
        away(waiter, !here);
        boolean again = holder.isPresent() && holder.get().lock().owner().equals(peer);
        if (here && (again || (holder.isEmpty() && isFirst(name, waiter)))) {
          Optional<HeldLock> taken = taken(peer, name);
          if (taken.isPresent()) {
            return taken.get();
          }
        } else if (!awaitChange(seen, deadlineNanos)) {
          throw here ? notFree(name, holder) : notHere();
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new UnavailableException("interrupted while waiting for the lock on " + name, e);
    } finally {
      leave(name, waiter);
    }
  }

  private static ConflictException notFree(Name name, Optional<HeldLock> holder) {
    return new ConflictException(
        holder
            .map(held -> name + " is locked by " + held.holder())
            .orElse(name + " is waited for by others"));
  }

  private static UnavailableException notHere() {
    return new UnavailableException(
        "the directory has not heard this peer for a while: try again when it is connected");
  }

  /// @return empty if somebody was quicker
  private Optional<HeldLock> taken(PeerId peer, Name name) {
    return switch (table.commit(new Command.Lock(peer, name))) {
      case Result.Locked(WriteLock _) -> table.holder(name);
      case Result.Refused(Refusal refusal, _, _) when refusal == Refusal.LOCKED -> Optional.empty();
      case Result.Refused refused -> throw refused.exception();
      case Result other -> throw new IllegalStateException("not of a lock: " + other);
    };
  }

  /// A lock may have become free, or a peer have come back.
  synchronized void changed() {
    changes++;
    notifyAll();
  }

  private synchronized long changes() {
    return changes;
  }

  private synchronized void join(Name name, Waiter waiter) {
    lines.computeIfAbsent(name, _ -> new ArrayDeque<>()).add(waiter);
  }

  /// Whose peer is away keeps its place, and lets the others pass.
  private synchronized void away(Waiter waiter, boolean away) {
    if (waiter.away != away) {
      waiter.away = away;
      changed();
    }
  }

  private synchronized boolean isFirst(Name name, Waiter waiter) {
    return lines.getOrDefault(name, new ArrayDeque<>()).stream()
        .filter(one -> !one.away)
        .findFirst()
        .filter(waiter::equals)
        .isPresent();
  }

  private synchronized void leave(Name name, Waiter waiter) {
    lines.computeIfPresent(
        name,
        (_, line) -> {
          line.remove(waiter);
          return line.isEmpty() ? null : line;
        });
    changed();
  }

  /// @return false if the time is over
  private synchronized boolean awaitChange(long seen, long deadlineNanos)
      throws InterruptedException {
    while (changes == seen && !closed) {
      long leftNanos = deadlineNanos - System.nanoTime();
      if (leftNanos <= 0) {
        return false;
      }
      wait(leftNanos / 1_000_000 + 1);
    }
    if (closed) {
      throw new UnavailableException("the directory is ending: ask again when it is back");
    }
    return true;
  }

  @Override
  public synchronized void close() {
    closed = true;
    notifyAll();
  }
}
