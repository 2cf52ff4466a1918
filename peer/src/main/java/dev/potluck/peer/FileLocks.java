package dev.potluck.peer;

import dev.potluck.content.ConflictException;
import dev.potluck.content.Name;
import dev.potluck.content.UnavailableException;
import dev.potluck.directory.LockMode;
import dev.potluck.wire.WireLimits;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/// What programs of this machine have locked by flock(2) and fcntl(2). Among themselves they have
/// ranges of bytes; while any of them has a lock on a name, this peer has the party's: shared, or
/// exclusive if one of them is. Thread-safe.
///
/// Who comes first is served first. While another peer waits for the party's lock, newcomers here
/// wait until it had its turn.
final class FileLocks implements PartyLocks {
  /// How long who does not wait stands aside for another of this machine who is asking the party.
  private static final Duration ASIDE = Duration.ofMillis(200);

  private final PeerLocks party;
  private final ReentrantLock lock = new ReentrantLock();

  // Guarded by the lock.
  private final Map<Name, LockTable> tables = new HashMap<>();
  private final Map<Long, Name> lockedThrough = new HashMap<>();
  private final Set<Long> lost = new HashSet<>();

  FileLocks(PeerLocks party) {
    this.party = party;
  }

  @Override
  public Outcome take(Name name, Kind kind, FileLock wanted, boolean wait)
      throws InterruptedException {
    LockTable table = enter(lockedName(wanted.handle(), name));
    LockTable.Waiter waiter = new LockTable.Waiter(kind, wanted, wait);
    try {
      join(table, waiter);
      while (true) {
        Outcome free = awaitFree(table, waiter);
        if (free != Outcome.TAKEN) {
          return free;
        }
        if (granted(table, waiter)) {
          return Outcome.TAKEN;
        }
        Outcome claimed = claimed(table, waiter);
        if (claimed != Outcome.TAKEN) {
          return claimed;
        }
      }
    } finally {
      leave(table, waiter);
    }
  }

  @Override
  public Optional<FileLock> blocker(Name name, Kind kind, FileLock wanted)
      throws InterruptedException {
    Name locked = lockedName(wanted.handle(), name);
    lock.lock();
    try {
      LockTable table = tables.get(locked);
      Optional<FileLock> here = table == null ? Optional.empty() : table.of(kind).conflict(wanted);
      if (here.isPresent() || (table != null && table.covers(wanted.mode()))) {
        return here;
      }
    } finally {
      lock.unlock();
    }
    try {
      party.release(party.claim(locked, wanted.mode(), Duration.ZERO, () -> {}));
      return Optional.empty();
    } catch (ConflictException _) {
      return Optional.of(new FileLock(0, 0, 0, Long.MAX_VALUE, LockMode.EXCLUSIVE, 0));
    }
  }

  @Override
  public boolean holds(Name name, Kind kind, long owner, long handle) {
    lock.lock();
    try {
      LockTable table = tables.get(lockedThrough.getOrDefault(handle, name));
      return table != null && table.of(kind).any(held -> held.owner() == owner);
    } finally {
      lock.unlock();
    }
  }

  @Override
  public boolean holds(long handle) {
    lock.lock();
    try {
      return lockedThrough.containsKey(handle);
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void release(Name name, Kind kind, long owner, long handle, long first, long last) {
    LockTable table = enter(lockedName(handle, name));
    lock.lock();
    try {
      table.of(kind).clear(owner, first, last);
      forget(table, handle);
    } finally {
      lock.unlock();
    }
    leave(table, null);
  }

  @Override
  public void closed(long handle) {
    LockTable table;
    lock.lock();
    try {
      lost.remove(handle);
      Name name = lockedThrough.remove(handle);
      if (name == null) {
        return;
      }
      table = enter(name);
      table.removeIf(held -> held.handle() == handle);
    } finally {
      lock.unlock();
    }
    leave(table, null);
  }

  @Override
  public boolean isLost(long handle) {
    lock.lock();
    try {
      return lost.contains(handle);
    } finally {
      lock.unlock();
    }
  }

  /// A file that has another name keeps the lock of the name it had.
  private Name lockedName(long handle, Name now) {
    lock.lock();
    try {
      return lockedThrough.getOrDefault(handle, now);
    } finally {
      lock.unlock();
    }
  }

  /// With the lock held.
  private void forget(LockTable table, long handle) {
    lost.remove(handle);
    if (!table.any(held -> held.handle() == handle)) {
      lockedThrough.remove(handle);
    }
  }

  private LockTable enter(Name name) {
    lock.lock();
    try {
      LockTable table = tables.computeIfAbsent(name, n -> new LockTable(n, lock.newCondition()));
      table.users++;
      return table;
    } finally {
      lock.unlock();
    }
  }

  /// Puts somebody into the line; who has an flock in the other mode loses that.
  private void join(LockTable table, LockTable.Waiter waiter) {
    FileLock wanted = waiter.wanted();
    boolean converted;
    lock.lock();
    try {
      table.line.add(waiter);
      converted =
          waiter.kind() == Kind.FLOCK
              && wanted.mode() == LockMode.EXCLUSIVE
              && table.of(Kind.FLOCK).any(held -> held.owner() == wanted.owner());
      if (converted && !table.of(Kind.FLOCK).any(held -> isSame(held, wanted))) {
        table.of(Kind.FLOCK).clear(wanted.owner(), 0, Long.MAX_VALUE);
      }
    } finally {
      lock.unlock();
    }
    if (converted) {
      trim(table);
    }
  }

  private static boolean isSame(FileLock held, FileLock wanted) {
    return held.owner() == wanted.owner() && held.mode() == wanted.mode();
  }

  /// Waits until nobody of this machine is in the way.
  private Outcome awaitFree(LockTable table, LockTable.Waiter waiter) throws InterruptedException {
    while (true) {
      lock.lockInterruptibly();
      try {
        if (table.isFree(waiter)) {
          return Outcome.TAKEN;
        }
        if (!waiter.waits()) {
          return Outcome.BUSY;
        }
        if (waiter.kind() == Kind.FCNTL && LockTable.isDeadlock(tables.values(), waiter)) {
          return Outcome.DEADLOCK;
        }
        if (!waiter.claims(false)) {
          table.changed.await();
          continue;
        }
      } finally {
        lock.unlock();
      }
      trim(table); // What it has just got of the party's lock is not for one who waits.
    }
  }

  private boolean granted(LockTable table, LockTable.Waiter waiter) {
    lock.lock();
    try {
      FileLock wanted = waiter.wanted();
      boolean granted = table.isFree(waiter) && table.covers(wanted.mode());
      if (granted) {
        table.of(waiter.kind()).put(wanted);
        lockedThrough.put(wanted.handle(), table.name);
        lost.remove(wanted.handle());
      }
      return granted;
    } finally {
      lock.unlock();
    }
  }

  /// Takes the party's lock.
  private Outcome claimed(LockTable table, LockTable.Waiter waiter) throws InterruptedException {
    if (waiter.waits()) {
      table.asking.lockInterruptibly();
    } else if (!table.asking.tryLock(ASIDE.toMillis(), TimeUnit.MILLISECONDS)) {
      return Outcome.BUSY;
    }
    Duration wait = waiter.waits() ? WireLimits.LOCK_WAIT : Duration.ZERO;
    long deadlineNanos = Retry.deadline(wait);
    try {
      if (!isClaimed(table, waiter)) {
        claim(table, waiter, wait);
      }
      return Outcome.TAKEN;
    } catch (ConflictException e) {
      if (!waiter.waits()) {
        return Outcome.BUSY;
      }
      // Who waits is refused before its time is over only if it would wait for ever.
      return System.nanoTime() < deadlineNanos ? Outcome.DEADLOCK : Outcome.TAKEN;
    } catch (UnavailableException e) {
      if (Thread.interrupted()) {
        throw new InterruptedException(e.getMessage());
      }
      throw e;
    } finally {
      table.asking.unlock();
    }
  }

  private boolean isClaimed(LockTable table, LockTable.Waiter waiter) {
    lock.lock();
    try {
      boolean claimed = table.covers(waiter.wanted().mode());
      var _ = waiter.claims(claimed);
      return claimed;
    } finally {
      lock.unlock();
    }
  }

  private void claim(LockTable table, LockTable.Waiter waiter, Duration wait)
      throws InterruptedException {
    PeerLocks.Claim now = party.claim(table.name, waiter.wanted().mode(), wait, () -> lost(table));
    PeerLocks.Claim over = now;
    lock.lock();
    try {
      if (now.isLost()) {
        throw new UnavailableException("the lock on " + table.name + " was lost at once");
      }
      over = table.claim;
      table.claim = now;
      var _ = waiter.claims(true);
    } finally {
      lock.unlock();
      if (over != null) {
        party.release(over);
      }
    }
  }

  /// The party's lock is lost: whoever had a file locked is to know when it writes next.
  private void lost(LockTable table) {
    PeerLocks.Claim over;
    lock.lock();
    try {
      over = table.claim;
      if (over == null || !over.isLost()) {
        return;
      }
      table.claim = null;
      for (FileLock held : table.all()) {
        lost.add(held.handle());
        lockedThrough.remove(held.handle());
      }
      table.removeIf(_ -> true);
      table.changed.signalAll();
    } finally {
      lock.unlock();
    }
    party.release(over);
  }

  private void leave(LockTable table, LockTable.@Nullable Waiter waiter) {
    lock.lock();
    try {
      if (waiter != null) {
        table.line.remove(waiter);
      }
    } finally {
      lock.unlock();
    }
    trim(table);
    lock.lock();
    try {
      table.users--;
      if (table.users == 0 && table.isUnused()) {
        tables.remove(table.name, table);
      }
    } finally {
      lock.unlock();
    }
  }

  /// Gives back what of the party's lock nobody here needs any more.
  private void trim(LockTable table) {
    PeerLocks.Claim over = null;
    lock.lock();
    try {
      if (table.claim != null && table.need().isEmpty()) {
        over = table.claim;
        table.claim = null;
      } else if (table.claim != null && table.isOverClaimed()) {
        over = table.claim;
        table.claim = party.shared(over);
      }
      table.changed.signalAll();
    } finally {
      lock.unlock();
    }
    if (over != null) {
      party.release(over);
    }
  }

  @Override
  public void close() {
    List<Long> handles;
    lock.lock();
    try {
      handles = List.copyOf(lockedThrough.keySet());
    } finally {
      lock.unlock();
    }
    handles.forEach(this::closed);
  }
}
