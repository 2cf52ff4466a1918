package dev.potluck.peer;

import dev.potluck.content.ConflictException;
import dev.potluck.content.Name;
import dev.potluck.content.PotluckException;
import dev.potluck.content.UnavailableException;
import dev.potluck.directory.HeldLock;
import dev.potluck.directory.PeerId;
import dev.potluck.directory.WriteLock;
import dev.potluck.wire.WireLimits;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/// The locks this peer has, shared by whoever writes on this machine. The directory knows the peer
/// as their owner; here it is settled which writer has its turn: one at a time, in the order they
/// came. What the user locked (`potluck lock`) admits this peer's own writers and stays when they
/// are done. Thread-safe.
///
/// Locks hang on the session: with its lease they are lost. That is found out when the next session
/// begins, and told to whoever wrote under them; until then the directory refuses what they commit
/// by its token.
public final class WriteLocks implements AutoCloseable {
  private static final Logger LOG = System.getLogger(WriteLocks.class.getName());
  private static final Duration TIMEOUT = Duration.ofSeconds(10);
  private static final Duration ENDING = Duration.ofSeconds(1);
  private static final Duration COMPARING = Duration.ofMinutes(1);

  /// How long to stand aside for another who is just asking the directory about the same name.
  private static final Duration ASIDE = Duration.ofMillis(200);

  private final PeerId self;
  private final Directory directory;

  // Guarded by this.
  private final Map<Name, Owned> owned = new HashMap<>();
  private final Set<Name> lostByUser = new HashSet<>();
  private boolean closed;

  /// Where locks come from.
  interface Directory {
    /// @throws ConflictException naming who has it
    /// @throws UnavailableException if it is not known whether this peer has the lock now
    HeldLock lock(Name name, Duration wait, Duration timeout);

    void unlock(Name name, long token, Duration timeout);

    /// Of no names: all that this peer has.
    List<HeldLock> locks(List<Name> names, Duration timeout);
  }

  WriteLocks(PeerId self, Directory directory) {
    this.self = self;
    this.directory = directory;
  }

  /// What this peer knows of one name that somebody here writes, waits for, or has locked.
  private static final class Owned {
    final Name name;
    final Semaphore writer = new Semaphore(1, true);

    /// Held by who asks the directory about this name.
    final ReentrantLock asking = new ReentrantLock(true);

    // Guarded by the WriteLocks.
    int interested;
    boolean byUser;
    @Nullable HeldLock lock;
    @Nullable Held writing;

    Owned(Name name) {
      this.name = name;
    }
  }

  /// A writer's turn.
  public static final class Held {
    private final Owned of;
    private final long token;
    private final Runnable lost;
    private boolean over;

    private Held(Owned of, long token, Runnable lost) {
      this.of = of;
      this.token = token;
      this.lost = lost;
    }

    public Name name() {
      return of.name;
    }

    /// What every commit under this lock carries.
    public long token() {
      return token;
    }
  }

  /// Takes the lock of a name for one writer; first waits for other writers of this peer, then in
  /// line with other peers.
  ///
  /// @param lost is called once, on another thread, if the lock is lost before it is released: what
  ///   is written under it cannot be committed any more
  /// @throws ConflictException naming who has it, if it is not free in time
  /// @throws UnavailableException if the directory is away
  public Held acquire(Name name, Duration wait, Runnable lost) throws InterruptedException {
    long deadlineNanos = Retry.deadline(wait);
    Owned entry = enter(name);
    boolean writing = false;
    boolean taken = false;
    try {
      writing = entry.writer.tryAcquire(left(deadlineNanos), TimeUnit.NANOSECONDS);
      if (!writing) {
        throw new ConflictException(name + " is being written by another program on this machine");
      }
      HeldLock lock = taken(entry, deadlineNanos);
      Held held = new Held(entry, lock.lock().token(), lost);
      synchronized (this) {
        entry.writing = held;
      }
      taken = true;
      return held;
    } finally {
      if (!taken) {
        if (writing) {
          entry.writer.release();
        }
        leaveQuietly(entry);
      }
    }
  }

  /// Ends a writer's turn. The directory's lock is given back with the last of those who have or
  /// want it here. Call it when what was written is committed, or given up.
  public void release(Held held) {
    synchronized (this) {
      if (held.over) {
        return;
      }
      held.over = true;
      held.of.writing = null;
    }
    held.of.writer.release();
    leaveQuietly(held.of);
  }

  /// Locks a name for the user of this machine, until {@link #unlock}.
  ///
  /// @throws ConflictException naming who has it, if it is not free in time
  HeldLock lock(Name name, Duration wait) throws InterruptedException {
    Owned entry = enter(name);
    boolean stays = false;
    try {
      HeldLock lock = taken(entry, Retry.deadline(wait));
      synchronized (this) {
        stays = !entry.byUser;
        entry.byUser = true;
        lostByUser.remove(name);
      }
      return lock;
    } finally {
      if (!stays) {
        leaveQuietly(entry);
      }
    }
  }

  /// Gives back what the user locked.
  ///
  /// @throws ConflictException if this peer's user does not have it, saying who has
  /// @throws dev.potluck.content.NoSuchNameException if there is neither a lock nor such a name
  void unlock(Name name) {
    Owned entry;
    boolean had;
    synchronized (this) {
      entry = owned.get(name);
      had = entry != null && entry.byUser;
      if (entry != null && had) {
        entry.byUser = false;
      } else if (lostByUser.remove(name)) {
        throw new ConflictException(
            "the lock on " + name + " was lost before: this peer was away for longer than a lease");
      } else if (entry != null && entry.lock != null) {
        throw new ConflictException(
            name + " is being written on this machine; its lock ends with that");
      }
    }
    if (entry != null && had) {
      leave(entry);
    } else {
      directory.unlock(name, WriteLock.NO_TOKEN, TIMEOUT);
    }
  }

  /// What commits of these names are to carry: for those that this peer has locked, the token.
  ///
  /// @throws ConflictException if another peer has locked one of them; or if this peer's user had,
  ///   and lost that: somebody may have written it since
  Map<Name, Long> tokens(List<Name> names) {
    Map<Name, Long> tokens = new HashMap<>();
    Optional<Name> lost;
    synchronized (this) {
      for (Name name : names) {
        Owned entry = owned.get(name);
        if (entry != null && entry.lock != null) {
          tokens.put(name, entry.lock.lock().token());
        }
      }
      lost = names.stream().filter(lostByUser::contains).findFirst();
    }
    refuseLockedByOthers(names.stream().filter(name -> !tokens.containsKey(name)).toList());
    if (lost.isPresent()) {
      throw new ConflictException(
          "the lock on "
              + lost.get()
              + " is over, since this peer was away for longer than a lease, and nobody has it now:"
              + " lock it again, or unlock it to write without");
    }
    return tokens;
  }

  private void refuseLockedByOthers(List<Name> names) {
    for (int from = 0; from < names.size(); from += WireLimits.EDITS_PER_CALL) {
      int to = Math.min(from + WireLimits.EDITS_PER_CALL, names.size());
      for (HeldLock lock : directory.locks(names.subList(from, to), TIMEOUT)) {
        if (!lock.lock().owner().equals(self)) {
          throw new ConflictException(lock.lock().name() + " is locked by " + lock.holder());
        }
      }
    }
  }

  /// Compares with the directory which locks this peer has, in the background: at the begin of each
  /// session, and whenever an answer was lost.
  void compare() {
    Thread.ofVirtual()
        .name("locks")
        .start(
            () -> {
              Retry retry = new Retry(Retry.deadline(COMPARING));
              try {
                while (!compared() && retry.again()) {
                  LOG.log(Level.DEBUG, "comparing locks once more");
                }
              } catch (InterruptedException e) {
                LOG.log(Level.DEBUG, "comparing locks was interrupted");
              }
            });
  }

  private boolean compared() {
    List<HeldLock> before = known();
    List<HeldLock> there;
    try {
      there = directory.locks(List.of(), TIMEOUT);
    } catch (UnavailableException e) {
      return isClosed();
    } catch (PotluckException e) {
      LOG.log(Level.WARNING, "the directory does not tell our locks: {0}", e.getMessage());
      return true;
    }
    Set<Long> tokens = new HashSet<>();
    there.forEach(lock -> tokens.add(lock.lock().token()));
    before.stream().filter(lock -> !tokens.contains(lock.lock().token())).forEach(this::lost);
    before.forEach(lock -> tokens.remove(lock.lock().token()));
    there.stream().filter(lock -> tokens.contains(lock.lock().token())).forEach(this::giveBack);
    return true;
  }

  private synchronized boolean isClosed() {
    return closed;
  }

  private synchronized List<HeldLock> known() {
    List<HeldLock> all = new ArrayList<>();
    for (Owned entry : owned.values()) {
      if (entry.lock != null) {
        all.add(entry.lock);
      }
    }
    return all;
  }

  private void lost(HeldLock lock) {
    Name name = lock.lock().name();
    Owned entry;
    Held writing;
    boolean byUser;
    synchronized (this) {
      entry = owned.get(name);
      if (entry == null || !lock.equals(entry.lock)) {
        return;
      }
      entry.lock = null;
      writing = entry.writing;
      byUser = entry.byUser;
      entry.byUser = false;
      if (byUser) {
        lostByUser.add(name);
      }
    }
    LOG.log(Level.WARNING, "the lock on {0} is lost", name);
    if (writing != null) {
      writing.lost.run();
    }
    if (byUser) {
      leaveQuietly(entry);
    }
  }

  /// A lock that the directory says is ours and nobody here knows of: its answer was lost, or an
  /// earlier run of this peer had it.
  private void giveBack(HeldLock lock) {
    Owned entry = enter(lock.lock().name());
    entry.asking.lock();
    try {
      synchronized (this) {
        entry.lock = entry.lock == null ? lock : entry.lock;
      }
    } finally {
      entry.asking.unlock();
    }
    leaveQuietly(entry);
  }

  private synchronized Owned enter(Name name) {
    if (closed) {
      throw new UnavailableException("this peer is ending: ask again when it is back");
    }
    Owned entry = owned.computeIfAbsent(name, Owned::new);
    entry.interested++;
    return entry;
  }

  /// The directory's lock, asked for if this peer has it not yet.
  private HeldLock taken(Owned entry, long deadlineNanos) throws InterruptedException {
    long patience = Math.max(left(deadlineNanos), ASIDE.toNanos());
    if (!entry.asking.tryLock(patience, TimeUnit.NANOSECONDS)) {
      throw new ConflictException(entry.name + " is waited for by another program on this machine");
    }
    try {
      HeldLock known;
      synchronized (this) {
        known = entry.lock;
      }
      return known != null ? known : asked(entry, deadlineNanos);
    } finally {
      entry.asking.unlock();
    }
  }

  private HeldLock asked(Owned entry, long deadlineNanos) {
    try {
      HeldLock lock = directory.lock(entry.name, Duration.ofNanos(left(deadlineNanos)), TIMEOUT);
      synchronized (this) {
        entry.lock = lock;
      }
      return lock;
    } catch (UnavailableException e) {
      compare(); // It may be ours all the same.
      throw e;
    }
  }

  private static long left(long deadlineNanos) {
    return Math.max(0, deadlineNanos - System.nanoTime());
  }

  private void leaveQuietly(Owned entry) {
    try {
      leave(entry);
    } catch (PotluckException e) {
      LOG.log(Level.INFO, "the lock on {0} is not given back yet: {1}", entry.name, e.getMessage());
    }
  }

  /// One is interested no more; the last gives the lock back.
  private void leave(Owned entry) {
    synchronized (this) {
      if (entry.interested > 1) {
        entry.interested--; // Who is asking is interested too, and will be the last.
        return;
      }
    }
    entry.asking.lock();
    try {
      HeldLock last;
      synchronized (this) {
        entry.interested--;
        if (entry.interested > 0) {
          return;
        }
        last = entry.lock;
        entry.lock = null;
        if (last == null) {
          owned.remove(entry.name);
          return;
        }
      }
      givenBack(entry, last);
    } finally {
      entry.asking.unlock();
    }
  }

  /// Newcomers wait until this is done: they would be told that they have the lock already.
  private void givenBack(Owned entry, HeldLock lock) {
    try {
      directory.unlock(entry.name, lock.lock().token(), TIMEOUT);
    } catch (UnavailableException e) {
      compare();
      throw e;
    } finally {
      synchronized (this) {
        if (entry.interested == 0) {
          owned.remove(entry.name);
        }
      }
    }
  }

  /// Gives everything back, if the directory can be reached; else the lease sees to it.
  @Override
  public void close() {
    List<HeldLock> all;
    synchronized (this) {
      closed = true;
      all = known();
    }
    try {
      for (HeldLock lock : all) {
        directory.unlock(lock.lock().name(), lock.lock().token(), ENDING);
      }
    } catch (PotluckException e) {
      LOG.log(Level.DEBUG, "locks end with the lease: {0}", e.getMessage());
    }
  }
}
