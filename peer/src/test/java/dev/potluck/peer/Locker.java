package dev.potluck.peer;

import dev.potluck.content.ConflictException;
import dev.potluck.content.Name;
import dev.potluck.content.UnavailableException;
import dev.potluck.directory.HeldLock;
import dev.potluck.directory.LockMode;
import dev.potluck.directory.NameLock;
import dev.potluck.directory.PeerId;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/// A directory that gives locks to whoever asks, and may lose an answer or a question.
final class Locker implements PeerLocks.Directory {
  final Map<Name, HeldLock> held = new ConcurrentHashMap<>();
  final AtomicLong tokens = new AtomicLong();
  final AtomicLong asked = new AtomicLong();
  volatile boolean losesAnswers;
  volatile boolean losesQuestions;
  private final PeerId self;

  Locker(PeerId self) {
    this.self = self;
  }

  void has(Name name, PeerId owner) {
    held.put(name, lock(name, owner, LockMode.EXCLUSIVE));
  }

  private HeldLock lock(Name name, PeerId owner, LockMode mode) {
    return new HeldLock(
        new NameLock(name, owner, mode, tokens.incrementAndGet()),
        owner.equals(self) ? "anna" : "ben");
  }

  @Override
  public HeldLock lock(Name name, LockMode mode, Duration wait, Duration timeout) {
    asked.incrementAndGet();
    HeldLock had = held.get(name);
    if (had != null && !had.lock().mode().covers(mode)) {
      held.remove(name);
    }
    HeldLock lock = held.computeIfAbsent(name, n -> lock(n, self, mode));
    if (!lock.lock().owner().equals(self)) {
      throw new ConflictException(name + " is locked by ben");
    }
    if (losesAnswers) {
      losesAnswers = false;
      throw new UnavailableException("no answer");
    }
    return lock;
  }

  @Override
  public void share(Name name, long token, Duration timeout) {
    if (losesQuestions) {
      losesQuestions = false;
      throw new UnavailableException("no directory");
    }
    held.computeIfPresent(
        name,
        (_, lock) -> new HeldLock(new NameLock(name, self, LockMode.SHARED, token), lock.holder()));
  }

  @Override
  public void unlock(Name name, long token, Duration timeout) {
    HeldLock lock = held.get(name);
    if (lock == null || (token != NameLock.NO_TOKEN && lock.lock().token() != token)) {
      throw new ConflictException(name + " is not locked");
    }
    held.remove(name);
  }

  @Override
  public List<HeldLock> locks(List<Name> names, Duration timeout) {
    return held.values().stream()
        .filter(
            lock ->
                names.isEmpty()
                    ? lock.lock().owner().equals(self)
                    : names.contains(lock.lock().name()))
        .toList();
  }
}
