package dev.potluck.peer;

import dev.potluck.content.ConflictException;
import dev.potluck.content.Name;
import dev.potluck.content.UnavailableException;
import dev.potluck.directory.Command;
import dev.potluck.directory.HeldLock;
import dev.potluck.directory.LockMode;
import dev.potluck.directory.NameLock;
import dev.potluck.directory.PeerId;
import dev.potluck.directory.Refusal;
import dev.potluck.directory.Result;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Where peers stand in line for locks, at the seat that leads: who came first is served first. The
/// line is soft: who waits at a seat that ends asks the next one, and stands behind whoever was
/// quicker. Who has a lock that others wait for is told so: it may keep it only because nobody
/// asked. Thread-safe; whoever waits blocks its own thread.
final class LockDesk implements AutoCloseable {
  /// How long somebody who has a lock may take to say whether it needs that. Who does not wait for
  /// a lock waits for this.
  private static final Duration ANSWER = Duration.ofSeconds(1);

  private final Table table;

  // Guarded by this.
  private final Map<Name, Line> lines = new HashMap<>();
  private long changes;
  private boolean closed;

  /// The locks there are.
  interface Table {
    /// Those of one name.
    List<HeldLock> holders(Name name);

    /// Whether a peer's session runs, on which its locks would hang.
    boolean isHere(PeerId peer);

    /// Tells the owner of a lock that somebody waits for it. Must not wait.
    void wanted(NameLock lock);

    /// Makes a command durable and applies it.
    Result commit(Command command);
  }

  /// Who waits for one name. Guarded by the desk.
  private static final class Line {
    final Deque<Waiter> waiters = new ArrayDeque<>();

    /// Which locks were said to be wanted, by token, and whether their owners need them.
    final Map<Long, Boolean> needed = new HashMap<>();
  }

  /// One who stands in line; each is another one. Guarded by the desk.
  private static final class Waiter {
    boolean away;

    /// Has a shared lock, and waits for others to give theirs back.
    boolean upgrading;
  }

  LockDesk(Table table) {
    this.table = table;
  }

  /// Takes the lock of a name for a peer, as soon as nobody has it in a mode that conflicts, and
  /// nobody was there before. Who has a shared lock and wants the exclusive one is before
  /// everybody.
  ///
  /// @throws ConflictException naming who has it, if it is not free in time, or never will be,
  ///   since two who have shared locks want the exclusive one
  /// @throws UnavailableException if the peer has no session, the thread is interrupted, or this
  ///   seat ends
  HeldLock lock(PeerId peer, Name name, LockMode mode, Duration wait) {
    long deadlineNanos = Retry.deadline(wait);
    long answerNanos = Math.max(deadlineNanos, Retry.deadline(ANSWER));
    Waiter waiter = new Waiter();
    join(name, waiter);
    try {
      while (true) {
        long seen = changes();
        List<HeldLock> holders = table.holders(name);
        Optional<HeldLock> own = of(peer, holders);
        List<HeldLock> inTheWay = inTheWay(peer, mode, holders);
        boolean here = table.isHere(peer);
        away(waiter, !here);
        boolean again = own.filter(lock -> lock.lock().mode().covers(mode)).isPresent();
        boolean turn = inTheWay.isEmpty() && (own.isPresent() || isFirst(name, waiter));
        if (here && (again || turn)) {
          Optional<HeldLock> taken = taken(new Command.Lock(peer, name, mode));
          if (taken.isPresent()) {
            return taken.get();
          }
        } else {
          upgrading(name, waiter, own.isPresent());
          boolean unsaid = tell(name, inTheWay);
          if (!awaitChange(seen, unsaid ? answerNanos : deadlineNanos)) {
            throw here ? notFree(name, inTheWay) : notHere();
          }
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new UnavailableException("interrupted while waiting for the lock on " + name, e);
    } finally {
      leave(name, waiter);
    }
  }

  private static Optional<HeldLock> of(PeerId peer, List<HeldLock> holders) {
    return holders.stream().filter(held -> held.lock().owner().equals(peer)).findFirst();
  }

  private static List<HeldLock> inTheWay(PeerId peer, LockMode mode, List<HeldLock> holders) {
    return holders.stream()
        .filter(held -> !held.lock().owner().equals(peer))
        .filter(held -> held.lock().mode().conflictsWith(mode))
        .toList();
  }

  private static ConflictException notFree(Name name, List<HeldLock> inTheWay) {
    return new ConflictException(
        inTheWay.isEmpty()
            ? name + " is waited for by others"
            : name + " is locked by " + inTheWay.getFirst().holder());
  }

  private static UnavailableException notHere() {
    return new UnavailableException(
        "the directory has not heard this peer for a while: try again when it is connected");
  }

  /// @return empty if somebody was quicker
  private Optional<HeldLock> taken(Command.Lock command) {
    return switch (table.commit(command)) {
      case Result.Locked(NameLock _) -> of(command.by(), table.holders(command.name()));
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

  /// Who has this lock needs it.
  synchronized void inUse(long token) {
    lines.values().forEach(line -> line.needed.computeIfPresent(token, (_, _) -> true));
    changed();
  }

  private synchronized long changes() {
    return changes;
  }

  private synchronized void join(Name name, Waiter waiter) {
    lines.computeIfAbsent(name, _ -> new Line()).waiters.add(waiter);
  }

  /// Whose peer is away keeps its place, and lets the others pass.
  private synchronized void away(Waiter waiter, boolean away) {
    if (waiter.away != away) {
      waiter.away = away;
      changed();
    }
  }

  private synchronized boolean isFirst(Name name, Waiter waiter) {
    return line(name).waiters.stream()
        .filter(one -> !one.away)
        .findFirst()
        .filter(waiter::equals)
        .isPresent();
  }

  private Line line(Name name) {
    return lines.getOrDefault(name, new Line());
  }

  /// @throws ConflictException if another one does the same: both would wait for ever
  private synchronized void upgrading(Name name, Waiter waiter, boolean now) {
    waiter.upgrading = now;
    if (now && line(name).waiters.stream().anyMatch(one -> one != waiter && one.upgrading)) {
      throw new ConflictException(
          name + " is read by two who each wait for the other to let it write");
    }
  }

  /// Says once to each who has a lock that it is wanted.
  ///
  /// @return whether one has not said yet that it needs it
  private boolean tell(Name name, List<HeldLock> holders) {
    boolean unsaid = false;
    for (HeldLock held : holders) {
      Boolean known;
      synchronized (this) {
        known = line(name).needed.putIfAbsent(held.lock().token(), false);
      }
      if (known == null) {
        table.wanted(held.lock());
      }
      unsaid |= known == null || !known;
    }
    return unsaid;
  }

  private synchronized void leave(Name name, Waiter waiter) {
    lines.computeIfPresent(
        name,
        (_, line) -> {
          line.waiters.remove(waiter);
          return line.waiters.isEmpty() ? null : line;
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
