package dev.potluck.peer;

import dev.potluck.content.GrowingHasher;
import dev.potluck.content.PieceLayer;
import java.io.EOFException;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;

/// Hashes a file that is written from its first byte on and in order. What is small is hashed as it
/// is written; of more, another thread follows the writer, who is not kept waiting, and has the
/// disk begin with what it has read: when the file is closed, little is left to do of both.
///
/// One thread at a time writes; thread-safe as to the one that follows.
final class FollowingHash {
  private static final Logger LOG = System.getLogger(FollowingHash.class.getName());

  /// How far behind it lets the writer get before it follows.
  private static final int BEHIND_BYTES = 4 << 20;

  private static final int READ_BYTES = 256 << 10;

  private final Executor executor;

  // Belongs to whoever follows, as long as somebody does; else guarded by this.
  private final GrowingHasher hasher = new GrowingHasher();

  // Guarded by this.
  private long written;
  private boolean followed;
  private boolean ended;
  private boolean failed;

  /// @param executor hashes
  FollowingHash(Executor executor) {
    this.executor = executor;
  }

  /// How much was written.
  synchronized long size() {
    return written;
  }

  /// These bytes were written next.
  ///
  /// @param file where they are
  synchronized void wrote(FileHandle file, ByteBuffer bytes) {
    boolean atOnce =
        !followed && written == hasher.size() && written + bytes.remaining() <= BEHIND_BYTES;
    written += bytes.remaining();
    if (atOnce) {
      hasher.update(bytes);
    } else {
      follow(file);
    }
  }

  /// Has somebody follow if that is worth it. With the monitor held.
  private void follow(FileHandle file) {
    if (followed || ended || failed || written - hasher.size() < BEHIND_BYTES) {
      return;
    }
    long to = written;
    followed = true;
    boolean begun = false;
    try {
      executor.execute(() -> catchUp(file, to));
      begun = true;
    } catch (RejectedExecutionException e) {
      LOG.log(Level.DEBUG, "the share is closed: whoever closes the file hashes the rest");
    } finally {
      followed = begun;
    }
  }

  private void catchUp(FileHandle file, long to) {
    boolean done = false;
    try {
      long from = hasher.size();
      hash(file, to);
      beginSync(file, from, to - from);
      done = true;
    } catch (IOException e) {
      LOG.log(Level.DEBUG, "what is written is hashed at the end: {0}", e.getMessage());
    } finally {
      synchronized (this) {
        followed = false;
        failed |= !done;
        follow(file);
        notifyAll();
      }
    }
  }

  private static void beginSync(FileHandle file, long from, long length) {
    try {
      file.beginSync(from, length);
    } catch (IOException e) {
      LOG.log(Level.DEBUG, "the disk begins when it is synced: {0}", e.getMessage());
    }
  }

  private void hash(FileHandle file, long to) throws IOException {
    if (hasher.size() == to) {
      return;
    }
    ByteBuffer buffer = ByteBuffer.allocateDirect((int) Math.min(READ_BYTES, to - hasher.size()));
    while (hasher.size() < to && !hasEnded()) {
      buffer.clear().limit((int) Math.min(buffer.capacity(), to - hasher.size()));
      if (LocalOpenFile.readFully(file, hasher.size(), buffer) != buffer.limit()) {
        throw new EOFException("the draft has become shorter");
      }
      hasher.update(buffer.flip());
    }
  }

  private synchronized boolean hasEnded() {
    return ended;
  }

  /// The hashes of all that was written; nothing if they cannot be had without reading all of it.
  Optional<PieceLayer> layer(FileHandle file) throws IOException, InterruptedException {
    synchronized (this) {
      while (followed) {
        wait();
      }
      if (failed || written - hasher.size() >= BEHIND_BYTES) {
        return Optional.empty();
      }
    }
    hash(file, size());
    return Optional.of(hasher.layer());
  }

  /// Nobody wants it any more.
  synchronized void end() {
    ended = true;
  }
}
