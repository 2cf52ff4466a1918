package dev.potluck.peer;

import dev.potluck.content.ConflictException;
import dev.potluck.content.Name;
import dev.potluck.content.PotluckException;
import dev.potluck.content.UnavailableException;
import dev.potluck.directory.HeldLock;
import dev.potluck.directory.LockMode;
import dev.potluck.directory.NameLock;
import dev.potluck.directory.PeerId;
import dev.potluck.wire.WireLimits;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// The locks this peer has, shared by whoever writes on this machine, and by programs that lock
/// files in the mount. The directory knows the peer as their owner; here it is settled which writer
/// has its turn: one at a time, in the order they came. What the user locked (`potluck lock`)
/// admits this peer's own writers and stays when they are done. Thread-safe.
///
/// What programs had locked is kept for a moment: who locks a file again and again asks the
/// directory once. As soon as somebody else wants it, it is given back.
///
/// Locks hang on the session: with its lease they are lost. That is found out when the next session
/// begins, and told to whoever wrote under them; until then the directory refuses what they commit
/// by its token.
public final class PeerLocks implements AutoCloseable {
  private static final Logger LOG = System.getLogger(PeerLocks.class.getName());
  private static final Duration TIMEOUT = Duration.ofSeconds(10);
  private static final Duration ENDING = Duration.ofSeconds(1);
  private static final Duration PATIENCE = Duration.ofMinutes(1);

  /// How long to stand aside for another who is just asking the directory about the same name.
  private static final Duration ASIDE = Duration.ofMillis(200);

  private final PeerId self;
  private final Directory directory;
  private final Duration kept;

  // Guarded by this.
  private final Map<Name, Owned> owned = new HashMap<>();
  private final Set<Name> lostByUser = new HashSet<>();
  private boolean closed;

  /// Where locks come from.
  interface Directory {
    /// Takes a lock. When this returns, this peer knows what those who had the lock before have
    /// made of the names.
    ///
    /// @throws ConflictException naming who has it
    /// @throws UnavailableException if it is not known whether this peer has the lock now
    HeldLock lock(Name name, LockMode mode, Duration wait, Duration timeout)
        throws InterruptedException;

    /// Makes an exclusive lock a shared one.
    void share(Name name, long token, Duration timeout);

    void unlock(Name name, long token, Duration timeout);

    /// Of no names: all that this peer has.
    List<HeldLock> locks(List<Name> names, Duration timeout);
  }

  /// @param kept how long what programs had locked is kept while nobody wants it
  PeerLocks(PeerId self, Directory directory, Duration kept) {
    this.self = self;
    this.directory = directory;
    this.kept = kept;
  }

  /// What this peer knows of one name that somebody here writes, waits for, or has locked.
  private static final class Owned {
    final Name name;
    final Semaphore writer = new Semaphore(1, true);

    /// Held by who asks the directory about this name.
    final ReentrantLock asking = new ReentrantLock(true);

    // Guarded by the PeerLocks.
    int interested;
    boolean byUser;
    @Nullable HeldLock lock;
    @Nullable Held writing;
    final Set<Claim> claims = new HashSet<>();

    /// The lock that others were last said to want.
    long wantedToken;

    /// Since when nobody here needs the lock, while it is kept.
    long idleSinceNanos;

    /// Whether somebody looks after the lock that is kept.
    boolean watched;

    Owned(Name name) {
      this.name = name;
    }

    boolean isWanted() {
      return lock != null && lock.lock().token() == wantedToken;
    }

    /// What those here who have the lock need; who is just asking for it is not counted.
    Optional<LockMode> need() {
      if (byUser || writing != null || claims.stream().anyMatch(Claim::isExclusive)) {
        return Optional.of(LockMode.EXCLUSIVE);
      }
      return claims.isEmpty() ? Optional.empty() : Optional.of(LockMode.SHARED);
    }
  }

  /// What the programs of this machine need of a name that they have locked.
  static final class Claim {
    private final Owned of;
    private final LockMode mode;
    private final Runnable lost;
    private volatile boolean wanted;
    private volatile boolean isLost;
    private boolean over;

    private Claim(Owned of, LockMode mode, Runnable lost) {
      this.of = of;
      this.mode = mode;
      this.lost = lost;
    }

    LockMode mode() {
      return mode;
    }

    /// Whether the lock is not this peer's any more.
    boolean isLost() {
      return isLost;
    }

    /// Whether others wait for it: newcomers here should let them have it first.
    boolean isWanted() {
      return wanted;
    }

    private boolean isExclusive() {
      return mode == LockMode.EXCLUSIVE;
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
    AtomicReference<@Nullable Held> taken = new AtomicReference<>();
    try {
      writing = entry.writer.tryAcquire(left(deadlineNanos), TimeUnit.NANOSECONDS);
      if (!writing) {
        throw new ConflictException(name + " is being written by another program on this machine");
      }
      var _ =
          taken(
              entry,
              LockMode.EXCLUSIVE,
              deadlineNanos,
              lock -> {
                Held held = new Held(entry, lock.lock().token(), lost);
                entry.writing = held;
                taken.set(held);
              });
      return Objects.requireNonNull(taken.get(), "taken");
    } finally {
      if (taken.get() == null) {
        if (writing) {
          entry.writer.release();
        }
        leaveQuietly(entry, false);
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
    leaveQuietly(held.of, false);
  }

  /// Takes the lock of a name for programs of this machine; in line with other peers, not with
  /// writers here.
  ///
  /// @param lost is called once, on another thread, if the lock is lost; release it all the same
  /// @throws ConflictException naming who has it, if it is not free in time; at once if it never
  ///   will be, since another peer waits for this one as this one for it
  /// @throws UnavailableException if the directory is away
  Claim claim(Name name, LockMode mode, Duration wait, Runnable lost) throws InterruptedException {
    Owned entry = enter(name);
    AtomicReference<@Nullable Claim> claimed = new AtomicReference<>();
    try {
      var _ =
          taken(
              entry,
              mode,
              Retry.deadline(wait),
              _ -> {
                Claim claim = new Claim(entry, mode, lost);
                claim.wanted = entry.isWanted();
                entry.claims.add(claim);
                claimed.set(claim);
              });
      return Objects.requireNonNull(claimed.get(), "claimed");
    } finally {
      if (claimed.get() == null) {
        leaveQuietly(entry, true);
      }
    }
  }

  /// Claims for reading what is claimed for writing, which is to be released then. Does not wait.
  Claim shared(Claim exclusive) {
    Owned entry = exclusive.of;
    Claim claim = new Claim(entry, LockMode.SHARED, exclusive.lost);
    synchronized (this) {
      claim.isLost = exclusive.isLost;
      claim.wanted = exclusive.wanted;
      entry.interested++;
      entry.claims.add(claim);
    }
    return claim;
  }

  /// Ends a claim. The lock is kept for a moment, unless others want it.
  void release(Claim claim) {
    synchronized (this) {
      if (claim.over) {
        return;
      }
      claim.over = true;
      claim.of.claims.remove(claim);
    }
    leaveQuietly(claim.of, true);
  }

  /// Others want a lock of this peer: it is given back when nobody here needs it. Does not wait.
  ///
  /// @param inUse is run if somebody does
  void wanted(Name name, long token, Runnable inUse) {
    Owned entry;
    synchronized (this) {
      entry = owned.get(name);
      if (entry == null) {
        return; // It is on its way back.
      }
      entry.wantedToken = token;
      if (entry.isWanted()) {
        entry.claims.forEach(claim -> claim.wanted = true);
      }
    }
    Thread.ofVirtual()
        .name("locks")
        .start(
            () -> {
              if (!yielded(entry)) {
                inUse.run();
              }
            });
  }

  /// Gives back what is wanted and only kept, and what others may share.
  ///
  /// @return whether all of it was given back
  private boolean yielded(Owned entry) {
    boolean idle;
    boolean shareable;
    synchronized (this) {
      idle = entry.interested == 0;
      shareable = isShareable(entry);
    }
    if (idle) {
      quietly(entry, () -> giveBackIdle(entry));
    } else if (shareable) {
      quietly(entry, () -> shared(entry));
    }
    return idle;
  }

  /// Gives something back that is tried again later if the directory does not answer.
  private static void quietly(Owned entry, Runnable givingBack) {
    try {
      givingBack.run();
    } catch (PotluckException e) {
      LOG.log(Level.INFO, "the lock on {0} is not given back yet: {1}", entry.name, e.getMessage());
    }
  }

  /// With the monitor held.
  private static boolean isShareable(Owned entry) {
    HeldLock lock = entry.lock;
    return lock != null
        && lock.lock().mode() == LockMode.EXCLUSIVE
        && entry.isWanted()
        && entry.need().equals(Optional.of(LockMode.SHARED));
  }

  private void shared(Owned entry) {
    entry.asking.lock();
    try {
      HeldLock lock;
      synchronized (this) {
        lock = entry.lock;
        if (lock == null || !isShareable(entry)) {
          return;
        }
        NameLock now = lock.lock();
        entry.lock =
            new HeldLock(
                new NameLock(now.name(), now.owner(), LockMode.SHARED, now.token()), lock.holder());
      }
      try {
        directory.share(entry.name, lock.lock().token(), TIMEOUT);
      } catch (UnavailableException e) {
        shareLater(entry, lock.lock().token());
        throw e;
      }
    } finally {
      entry.asking.unlock();
    }
  }

  /// Has the directory know, in the background, that a lock is only a shared one here: others would
  /// wait until the last reader gives it back.
  private void shareLater(Owned entry, long token) {
    inBackground("sharing the lock on " + entry.name, () -> sharedNow(entry, token));
  }

  /// @return whether nothing is left to do
  private boolean sharedNow(Owned entry, long token) {
    entry.asking.lock();
    try {
      HeldLock lock;
      synchronized (this) {
        lock = entry.lock;
        if (closed || lock == null || !isShared(lock, token)) {
          return true;
        }
      }
      directory.share(entry.name, token, TIMEOUT);
      return true;
    } catch (UnavailableException e) {
      return false;
    } catch (PotluckException e) {
      LOG.log(Level.INFO, "the lock on {0} is not shared: {1}", entry.name, e.getMessage());
      return true;
    } finally {
      entry.asking.unlock();
    }
  }

  private static boolean isShared(HeldLock lock, long token) {
    return lock.lock().token() == token && lock.lock().mode() == LockMode.SHARED;
  }

  /// Locks a name for the user of this machine, until {@link #unlock}.
  ///
  /// @throws ConflictException naming who has it, if it is not free in time
  HeldLock lock(Name name, Duration wait) throws InterruptedException {
    Owned entry = enter(name);
    boolean stays = false;
    try {
      AtomicBoolean first = new AtomicBoolean();
      HeldLock lock =
          taken(
              entry,
              LockMode.EXCLUSIVE,
              Retry.deadline(wait),
              _ -> {
                first.set(!entry.byUser);
                entry.byUser = true;
                lostByUser.remove(name);
              });
      stays = first.get();
      return lock;
    } finally {
      if (!stays) {
        leaveQuietly(entry, false);
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
      } else if (entry != null && entry.need().isPresent()) {
        throw new ConflictException(
            name + " is written or locked by a program on this machine; its lock ends with that");
      }
    }
    if (entry != null && had) {
      leave(entry, false);
    } else {
      directory.unlock(name, NameLock.NO_TOKEN, TIMEOUT);
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
        if (entry != null
            && entry.lock != null
            && entry.need().equals(Optional.of(LockMode.EXCLUSIVE))) {
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
        if (!lock.lock().owner().equals(self) && lock.lock().mode() == LockMode.EXCLUSIVE) {
          throw new ConflictException(lock.lock().name() + " is locked by " + lock.holder());
        }
      }
    }
  }

  /// Compares with the directory which locks this peer has, in the background: at the begin of each
  /// session, and whenever an answer was lost.
  void compare() {
    inBackground("comparing locks", this::compared);
  }

  /// @param step says whether it is done
  private static void inBackground(String what, BooleanSupplier step) {
    Thread.ofVirtual()
        .name("locks")
        .start(
            () -> {
              Retry retry = new Retry(Retry.deadline(PATIENCE));
              try {
                while (!step.getAsBoolean() && retry.again()) {
                  LOG.log(Level.DEBUG, "{0} once more", what);
                }
              } catch (InterruptedException e) {
                LOG.log(Level.DEBUG, "{0} was interrupted", what);
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
    List<Claim> claims;
    synchronized (this) {
      entry = owned.get(name);
      if (entry == null || !lock.equals(entry.lock)) {
        return;
      }
      claims = List.copyOf(entry.claims);
      claims.forEach(claim -> claim.isLost = true);
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
    claims.forEach(claim -> claim.lost.run());
    if (byUser) {
      leaveQuietly(entry, false);
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
    leaveQuietly(entry, false);
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
  ///
  /// @param use notes who needs it, with the monitor held
  private HeldLock taken(Owned entry, LockMode mode, long deadlineNanos, Consumer<HeldLock> use)
      throws InterruptedException {
    long patience = Math.max(left(deadlineNanos), ASIDE.toNanos());
    if (!entry.asking.tryLock(patience, TimeUnit.NANOSECONDS)) {
      throw new ConflictException(entry.name + " is waited for by another program on this machine");
    }
    try {
      HeldLock known;
      boolean free;
      synchronized (this) {
        known = entry.lock;
        free = entry.need().isEmpty();
      }
      if (known != null && known.lock().mode().covers(mode) && !(free && isWanted(entry))) {
        return used(entry, known, use);
      }
      if (known != null && free) {
        // Others want it, or who waits for us to give it back would wait for ever.
        forgotten(entry, known);
      }
      return used(entry, asked(entry, mode, deadlineNanos), use);
    } finally {
      entry.asking.unlock();
    }
  }

  private synchronized HeldLock used(Owned entry, HeldLock lock, Consumer<HeldLock> use) {
    if (!lock.equals(entry.lock)) {
      throw new UnavailableException("the lock on " + entry.name + " was lost at once: try again");
    }
    use.accept(lock);
    return lock;
  }

  private synchronized boolean isWanted(Owned entry) {
    return entry.isWanted();
  }

  /// Gives back a lock that another takes the place of.
  private void forgotten(Owned entry, HeldLock lock) {
    synchronized (this) {
      entry.lock = null;
    }
    unlocked(entry, lock);
  }

  private void unlocked(Owned entry, HeldLock lock) {
    try {
      directory.unlock(entry.name, lock.lock().token(), TIMEOUT);
    } catch (UnavailableException e) {
      compare();
      throw e;
    }
  }

  private HeldLock asked(Owned entry, LockMode mode, long deadlineNanos)
      throws InterruptedException {
    boolean answered = false;
    try {
      Duration wait = Duration.ofNanos(left(deadlineNanos));
      HeldLock lock = directory.lock(entry.name, mode, wait, TIMEOUT);
      synchronized (this) {
        entry.lock = lock;
        if (entry.isWanted()) {
          entry.claims.forEach(claim -> claim.wanted = true);
        }
      }
      answered = true;
      return lock;
    } catch (ConflictException e) {
      answered = true;
      throw e;
    } finally {
      if (!answered) {
        compare(); // It may be ours all the same.
      }
    }
  }

  private static long left(long deadlineNanos) {
    return Math.max(0, deadlineNanos - System.nanoTime());
  }

  private void leaveQuietly(Owned entry, boolean keeping) {
    quietly(entry, () -> leave(entry, keeping));
  }

  /// One is interested no more; the last gives the lock back.
  ///
  /// @param keeping whether it may be kept for a moment
  private void leave(Owned entry, boolean keeping) {
    boolean last;
    boolean shareable;
    synchronized (this) {
      entry.interested--;
      last = entry.interested == 0;
      shareable = isShareable(entry);
      if (last && entry.lock == null) {
        owned.remove(entry.name, entry);
        return;
      }
      if (last && keeping && kept.isPositive() && !closed && !entry.isWanted()) {
        keep(entry);
        return;
      }
    }
    if (last) {
      giveBackIdle(entry);
    } else if (shareable) {
      shared(entry);
    }
  }

  /// With the monitor held.
  private void keep(Owned entry) {
    entry.idleSinceNanos = System.nanoTime();
    if (!entry.watched) {
      entry.watched = true;
      lookLater(entry, kept.toNanos());
    }
  }

  private void lookLater(Owned entry, long nanos) {
    CompletableFuture.delayedExecutor(
            nanos, TimeUnit.NANOSECONDS, look -> Thread.ofVirtual().name("locks").start(look))
        .execute(() -> look(entry));
  }

  /// Gives back what was kept for long enough.
  private void look(Owned entry) {
    long leftNanos;
    synchronized (this) {
      if (entry.interested > 0 || entry.lock == null) {
        entry.watched = false;
        return;
      }
      leftNanos = entry.idleSinceNanos + kept.toNanos() - System.nanoTime();
      entry.watched = leftNanos > 0;
    }
    if (leftNanos > 0) {
      lookLater(entry, leftNanos);
      return;
    }
    quietly(entry, () -> giveBackIdle(entry));
  }

  /// Gives back what nobody here wants any more. Newcomers wait until this is done: they would be
  /// told that they have the lock already.
  private void giveBackIdle(Owned entry) {
    entry.asking.lock();
    try {
      HeldLock last;
      synchronized (this) {
        if (entry.interested > 0) {
          return; // Somebody has come meanwhile, and will be the last.
        }
        last = entry.lock;
        entry.lock = null;
      }
      if (last != null) {
        unlocked(entry, last);
      }
    } finally {
      synchronized (this) {
        if (entry.interested == 0 && entry.lock == null) {
          owned.remove(entry.name, entry);
        }
      }
      entry.asking.unlock();
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
