package dev.potluck.fuse;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// The locks of a file: fcntl ranges, or flocks, which are locks of the whole file by other owners.
final class LockTable {
  private record Held(long owner, boolean flock, RecordLock lock) {}

  private final List<Held> held = new ArrayList<>(); // guarded by this

  synchronized Optional<RecordLock> inTheWay(long owner, boolean flock, RecordLock wanted) {
    return held.stream()
        .filter(h -> h.flock == flock && h.owner != owner)
        .map(Held::lock)
        .filter(l -> l.start() <= wanted.end() && wanted.start() <= l.end())
        .filter(
            l ->
                l.type() == RecordLock.Type.EXCLUSIVE || wanted.type() == RecordLock.Type.EXCLUSIVE)
        .findFirst();
  }

  synchronized void set(long owner, boolean flock, RecordLock lock, boolean wait)
      throws ErrnoException, InterruptedException {
    while (lock.type() != RecordLock.Type.UNLOCKED && inTheWay(owner, flock, lock).isPresent()) {
      if (!wait) {
        throw new ErrnoException(Errno.EAGAIN);
      }
      wait();
    }
    List<Held> mine = held.stream().filter(h -> h.owner == owner && h.flock == flock).toList();
    held.removeAll(mine);
    for (Held h : mine) {
      RecordLock l = h.lock;
      if (l.start() < lock.start()) {
        long end = Math.min(l.end(), lock.start() - 1);
        held.add(new Held(owner, flock, new RecordLock(l.start(), end, l.type(), l.pid())));
      }
      if (l.end() > lock.end()) {
        long start = Math.max(l.start(), lock.end() + 1);
        held.add(new Held(owner, flock, new RecordLock(start, l.end(), l.type(), l.pid())));
      }
    }
    if (lock.type() != RecordLock.Type.UNLOCKED) {
      held.add(new Held(owner, flock, lock));
    }
    notifyAll();
  }

  void releaseAll(long owner, boolean flock) {
    try {
      set(owner, flock, new RecordLock(0, Long.MAX_VALUE, RecordLock.Type.UNLOCKED, 0), false);
    } catch (ErrnoException | InterruptedException e) {
      throw new IllegalStateException(e); // unlocking neither waits nor fails
    }
  }
}
