package dev.potluck.peer;

import dev.potluck.content.PotluckException;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.ByteBuffer;
import java.util.OptionalInt;
import java.util.concurrent.atomic.AtomicBoolean;

/// An open file of a draft. Thread-safe.
public final class DraftHandle implements OpenFile {
  private static final Logger LOG = System.getLogger(DraftHandle.class.getName());

  private final Draft draft;
  private final boolean writing;
  private final AtomicBoolean closed = new AtomicBoolean();

  DraftHandle(Draft draft, boolean writing) {
    this.draft = draft;
    this.writing = writing;
  }

  public Draft draft() {
    return draft;
  }

  /// Whether closing it makes a version of what was changed.
  public boolean isWriting() {
    return writing;
  }

  @Override
  public int read(long position, ByteBuffer target) throws IOException, InterruptedException {
    return draft.read(position, target);
  }

  /// Writes all bytes of a buffer.
  ///
  /// @param append at the end, wherever that is, instead of the position
  /// @return where they were written
  /// @throws PotluckException if this machine may not write the name now
  public long write(long position, ByteBuffer data, boolean append)
      throws IOException, InterruptedException {
    return draft.write(position, data, append);
  }

  /// Makes a place zeros, without changing the size.
  public void zero(long from, long to) throws IOException, InterruptedException {
    draft.zero(from, to);
  }

  /// Where data, or with `hole` a hole, begins at or after a position; -1 if there is none.
  public long seek(long position, boolean hole) throws InterruptedException {
    return draft.seek(position, hole);
  }

  /// What close(2) waits for: what was written is a version, or safe here.
  ///
  /// @throws PotluckException saying why it is none
  public void flush() throws InterruptedException {
    if (writing) {
      draft.commit(false, false);
    }
  }

  /// The same, also if it was only made, truncated or given other attributes.
  ///
  /// @throws PotluckException saying why it is no version
  public void save() throws InterruptedException {
    draft.commit(true, false);
  }

  /// What fsync(2) waits for: all of it is a version.
  ///
  /// @throws PotluckException saying why it is none
  public void sync() throws InterruptedException {
    draft.commit(true, true);
  }

  @Override
  public boolean isAtHand(long position, int length) {
    return false;
  }

  @Override
  public OptionalInt descriptor() {
    return OptionalInt.empty();
  }

  /// Makes a version also of what was only made or truncated. Nobody hears why that fails, but the
  /// log.
  @Override
  public void close() {
    if (!closed.compareAndSet(false, true)) {
      return;
    }
    try {
      if (writing) {
        draft.commit(true, false);
      }
    } catch (PotluckException e) {
      LOG.log(Level.WARNING, "{0} is not saved: {1}", draft.name(), e.getMessage());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      draft.leave();
    }
  }
}
