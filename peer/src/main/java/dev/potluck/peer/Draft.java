package dev.potluck.peer;

import dev.potluck.content.ContentId;
import dev.potluck.content.Name;
import dev.potluck.content.PieceLayer;
import dev.potluck.content.PotluckException;
import dev.potluck.content.Version;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import org.jspecify.annotations.Nullable;

/// A file of the party that is being written on this machine: programs here see each byte at once,
/// everybody else sees the versions it becomes. All who write a name here write the same draft.
/// Thread-safe.
///
/// A commit makes what was written the next version; the draft then is that version, unchanged. One
/// that nobody has written since follows the party at its first write: what others have made of the
/// name meanwhile is what is then edited.
public final class Draft {
  private static final Logger LOG = System.getLogger(Draft.class.getName());

  private final Drafts drafts;

  /// Whoever writes shares it; a commit, a change of name and a removal have it alone.
  private final ReadWriteLock turn = new ReentrantReadWriteLock();

  /// Of the bytes: whoever reads shares it. Taken after {@link #turn}.
  private final ReadWriteLock bytes = new ReentrantReadWriteLock();

  private final DraftContent content;
  private volatile DraftShape shape;
  private volatile Name name;
  private volatile Optional<Version> base;

  /// Which number the next version is made of: the base's, a tombstone's, or 0.
  private volatile long baseNumber;

  private volatile boolean written;
  private volatile boolean reshaped;
  private volatile boolean dressed;
  private volatile boolean removed;

  private volatile WriteAccess.@Nullable Permit permit;
  private volatile Commits.@Nullable Pending pending; // set in the turn of one

  /// A new file.
  ///
  /// @param number of its tombstone, or 0
  Draft(Drafts drafts, Name name, long number, DraftContent empty, DraftShape shape) {
    this.drafts = drafts;
    this.name = name;
    this.baseNumber = number;
    this.base = Optional.empty();
    this.content = empty;
    this.shape = shape;
    this.reshaped = true;
  }

  /// An edit of a version.
  Draft(Drafts drafts, Name name, Version version, DraftContent content) {
    this.drafts = drafts;
    this.name = name;
    this.baseNumber = version.number();
    this.base = Optional.of(version);
    this.content = content;
    this.shape = new DraftShape(version.content().size(), version.mode(), version.mtime());
  }

  /// What it is called now.
  public Name name() {
    return name;
  }

  /// What it looks like now. Never waits.
  public DraftShape shape() {
    return shape;
  }

  /// The version it is, as long as nothing was written; or was made from. Never waits.
  public Optional<Version> base() {
    return base;
  }

  /// Whether its name was deleted: what is written goes nowhere.
  public boolean isRemoved() {
    return removed;
  }

  /// Whether it has something that was not yet made a version.
  public boolean isDirty() {
    return written || reshaped || dressed;
  }

  /// Whether all of it is the version that {@link #base} says.
  boolean isVersion() {
    // In this order: a commit first waits, then is no change any more.
    return !isDirty() && pending == null && base.isPresent();
  }

  /// Whether it is no version yet.
  boolean isNew() {
    return base.isEmpty();
  }

  /// Opens it. Whoever opens it to write keeps it alive until that is closed.
  ///
  /// @throws dev.potluck.content.ConflictException if it does not stand for its name any more
  public DraftHandle open(boolean writing) {
    drafts.enter(this);
    return new DraftHandle(this, writing);
  }

  void leave() {
    drafts.leave(this);
  }

  int read(long position, ByteBuffer target) throws IOException, InterruptedException {
    bytes.readLock().lockInterruptibly();
    try {
      return content.read(position, target);
    } finally {
      bytes.readLock().unlock();
    }
  }

  /// A change of the bytes.
  private interface Change {
    void make(DraftContent content) throws IOException;
  }

  /// Writes all bytes of a buffer.
  ///
  /// @param append at the end, wherever that is, instead of the position
  /// @return where they were written
  long write(long position, ByteBuffer data, boolean append)
      throws IOException, InterruptedException {
    long[] at = {position};
    change(
        c -> {
          at[0] = append ? c.size() : position;
          c.write(at[0], data);
        },
        true);
    return at[0];
  }

  /// Makes it this long: what is beyond goes, what is added are zeros.
  public void resize(long size) throws IOException, InterruptedException {
    if (size != shape.size() || !isDirty()) {
      change(c -> c.resize(size), false);
    }
  }

  void zero(long from, long to) throws IOException, InterruptedException {
    change(c -> c.zero(from, to), true);
  }

  private void change(Change change, boolean writing) throws IOException, InterruptedException {
    lockToWrite();
    try {
      bytes.writeLock().lockInterruptibly();
      try {
        change.make(content);
        shape = shape.withSize(content.size(), drafts.now());
        written |= writing;
        reshaped |= !writing;
      } finally {
        bytes.writeLock().unlock();
      }
    } finally {
      turn.readLock().unlock();
    }
  }

  /// Sets permissions and the time of its last change, for its next version.
  public void dress(Optional<Integer> mode, Optional<Instant> mtime) throws InterruptedException {
    lockToWrite();
    try {
      bytes.writeLock().lockInterruptibly();
      try {
        DraftShape before = shape;
        DraftShape now = mode.map(before::withMode).orElse(before);
        shape = mtime.map(now::withMtime).orElse(now);
        dressed |= !shape.equals(before);
      } finally {
        bytes.writeLock().unlock();
      }
    } finally {
      turn.readLock().unlock();
    }
  }

  /// Takes a writer's turn, with the right to write the name.
  private void lockToWrite() throws InterruptedException {
    while (true) {
      turn.readLock().lockInterruptibly();
      if (permit != null || removed) {
        return;
      }
      turn.readLock().unlock();
      acquire();
    }
  }

  private void acquire() throws InterruptedException {
    turn.writeLock().lockInterruptibly();
    try {
      if (permit == null && !removed) {
        WriteAccess.Permit taken = drafts.acquire(name);
        boolean fresh = false;
        try {
          if (!isDirty()) {
            drafts.freshen(this);
          }
          fresh = true;
        } finally {
          if (fresh) {
            permit = taken;
          } else {
            taken.close();
          }
        }
      }
    } finally {
      turn.writeLock().unlock();
    }
  }

  private void giveBack() {
    WriteAccess.Permit held = permit;
    permit = null;
    if (held != null) {
      held.close();
    }
  }

  /// Becomes what the party has now, unless something was changed here: for whoever has just locked
  /// the name, and reads and writes what is current. Stands for its name again.
  ///
  /// @return whether it is another version than before
  /// @throws dev.potluck.content.ConflictException if another draft stands for the name
  public boolean catchUp() throws InterruptedException {
    turn.writeLock().lockInterruptibly();
    try {
      Commits.Pending waiting = pending;
      if (waiting != null) {
        await(waiting);
      }
      return !removed && (!isDirty() || isOnlyMade()) && drafts.catchUp(this);
    } finally {
      turn.writeLock().unlock();
    }
  }

  /// Whether there is nothing to it but that it was made.
  private boolean isOnlyMade() {
    return isNew() && !written && shape.size() == 0;
  }

  /// Takes the current version for what is edited. For {@link Drafts}, in the turn of a writer.
  void rebase(Version current, OpenFile file, Optional<PieceLayer> layer)
      throws InterruptedException {
    bytes.writeLock().lockInterruptibly();
    try {
      content.rebase(file, current.content().size(), layer);
      shape = new DraftShape(current.content().size(), current.mode(), current.mtime());
      became(current);
      reshaped = false;
      dressed = false;
    } finally {
      bytes.writeLock().unlock();
    }
  }

  /// Where data, or a hole, begins at or after a position; -1 if there is none.
  long seek(long position, boolean hole) throws InterruptedException {
    bytes.readLock().lockInterruptibly();
    try {
      return content.seek(position, hole);
    } finally {
      bytes.readLock().unlock();
    }
  }

  /// Makes what was written the next version, and returns when that is what was promised: a version
  /// of the party, or with `--commit async` safe on this machine.
  ///
  /// @param whatever also if it was only made, truncated or given other attributes
  /// @param inParty waits for the party in any case
  /// @throws PotluckException saying why it is none, and where what was written is kept
  void commit(boolean whatever, boolean inParty) throws InterruptedException {
    if (!written && !(whatever && isDirty()) && !inParty) {
      return;
    }
    turn.writeLock().lockInterruptibly();
    try {
      boolean due = written || (whatever && isDirty());
      Commits.Pending heard = pending;
      if (heard != null && heard.isHeard()) {
        await(heard);
      }
      if (due && !removed && !inParty && isDressedOnly() && dressSoon()) {
        return;
      }
      Commits.Pending waiting = pending;
      if (waiting != null && (inParty || (due && drafts.isPartyThere()))) {
        await(waiting);
      }
      if (due && !removed) {
        commitNow(inParty);
      }
    } finally {
      turn.writeLock().unlock();
    }
  }

  private void commitNow(boolean inParty) throws InterruptedException {
    if (isDressedOnly()) {
      dressNow();
      return;
    }
    Commits.Pending waiting = begin();
    if (inParty || waiting.isWaitedFor()) {
      await(waiting);
    } else {
      drafts.follow(this, waiting);
    }
  }

  /// Whether nothing is to become a version but other attributes of one.
  private boolean isDressedOnly() {
    return !written && !reshaped && (pending != null || base.isPresent());
  }

  private void dressNow() throws InterruptedException {
    Commits.Pending before = pending;
    if (before != null) {
      await(before); // Only a version can be given other attributes.
    }
    DraftShape now = shape;
    became(drafts.names().dress(name, base.orElseThrow(), now.mode(), now.mtime()));
    dressed = false;
    settled();
  }

  /// Has its other attributes become a version without anybody waiting for that.
  ///
  /// @return false if somebody has to
  private boolean dressSoon() throws InterruptedException {
    Commits.Pending before = pending;
    ContentId is = before == null ? base.orElseThrow().content() : before.content();
    bytes.writeLock().lockInterruptibly();
    try {
      Optional<Commits.Pending> begun = drafts.commits().dress(name, is, shape);
      if (begun.isEmpty()) {
        return false;
      }
      pending = begun.get();
      dressed = false;
    } finally {
      bytes.writeLock().unlock();
    }
    drafts.follow(this, pending);
    return true;
  }

  /// Puts what was written into the share.
  private Commits.Pending begin() throws InterruptedException {
    bytes.writeLock().lockInterruptibly();
    try {
      Commits.Pending begun =
          drafts.commits().begin(new Commits.Edit(name, baseNumber, shape), content);
      pending = begun;
      written = false;
      reshaped = false;
      dressed = false;
      content.sealedIsInPlace(drafts.commits()::recorded);
      return begun;
    } catch (IOException e) {
      throw Failures.of("can't save " + name, e);
    } finally {
      bytes.writeLock().unlock();
    }
  }

  /// Waits for the party's word, in this commit's turn.
  private void await(Commits.Pending waiting) throws InterruptedException {
    boolean made = false;
    try {
      became(waiting.await());
      made = true;
      showAttributes();
    } finally {
      // After the base: one that seems to be an old version would be let go.
      pending = null;
      if (!made) {
        giveBack();
        drafts.detach(this);
      }
    }
    settled();
  }

  /// What was refused of them is not to be seen any more.
  private void showAttributes() {
    DraftShape was = shape;
    Version is = base.orElseThrow();
    if (!isDirty() && (was.mode() != is.mode() || !was.mtime().equals(is.mtime()))) {
      shape = new DraftShape(was.size(), is.mode(), is.mtime());
      drafts.tell(Set.of(name));
    }
  }

  private void became(Version version) {
    base = Optional.of(version);
    baseNumber = version.number();
  }

  private void settled() {
    if (!isDirty()) {
      giveBack();
    }
    drafts.settle(this);
  }

  /// Waits for the party's word on a commit that nobody waits for, unless somebody has come to.
  void finish(Commits.Pending waiting) throws InterruptedException {
    turn.writeLock().lockInterruptibly();
    try {
      if (pending == waiting) {
        finishInTurn();
      }
    } finally {
      turn.writeLock().unlock();
    }
  }

  /// Whether what was closed is about to become a version, and nobody has waited for that.
  boolean isPending() {
    return pending != null;
  }

  /// Waits for the party's word on what was closed before, if nobody has yet: until then there may
  /// be a version of it in a moment.
  ///
  /// @throws PotluckException if it became none
  void finish() throws InterruptedException {
    turn.writeLock().lockInterruptibly();
    try {
      finishInTurn();
    } finally {
      turn.writeLock().unlock();
    }
  }

  private void finishInTurn() throws InterruptedException {
    Commits.Pending waiting = pending;
    if (waiting != null) {
      await(waiting);
    }
  }

  /// Has another name from here on, at a version.
  void renamed(Name to, long number) throws InterruptedException {
    turn.writeLock().lockInterruptibly();
    try {
      name = to;
      baseNumber = number;
      base = base.map(version -> version.withNumber(number));
    } finally {
      turn.writeLock().unlock();
    }
  }

  /// Its name is deleted: nothing of it becomes a version any more, when what was closed before
  /// has.
  ///
  /// @throws PotluckException if that became none
  void remove() throws InterruptedException {
    turn.writeLock().lockInterruptibly();
    try {
      finishInTurn();
      removed = true;
      giveBack();
    } finally {
      turn.writeLock().unlock();
    }
  }

  /// Nobody has it open any more.
  void discard() {
    turn.writeLock().lock();
    try {
      giveBack();
      bytes.writeLock().lock();
      try {
        content.close();
      } finally {
        bytes.writeLock().unlock();
      }
    } catch (IOException e) {
      LOG.log(Level.WARNING, "a draft of {0} is not deleted yet: {1}", name, e.getMessage());
    } finally {
      turn.writeLock().unlock();
    }
  }
}
