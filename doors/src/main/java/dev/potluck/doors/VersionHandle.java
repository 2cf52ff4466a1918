package dev.potluck.doors;

import dev.potluck.peer.OpenFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.OptionalInt;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;

/// A version that is open for reading. It stays that version until whoever has it open locks it:
/// then it is what is current. Thread-safe.
final class VersionHandle implements OpenFile {
  private final MountNode.File node;
  private final boolean passedThrough;
  private final ReadWriteLock moving = new ReentrantReadWriteLock();

  // Guarded by moving.
  private OpenFile file;
  private boolean closed;

  /// @param passedThrough whether the kernel may read the file by itself: it cannot be told to read
  ///   another one
  VersionHandle(MountNode.File node, OpenFile file, boolean passedThrough) {
    this.node = node;
    this.file = file;
    this.passedThrough = passedThrough;
  }

  /// What was opened.
  MountNode.File node() {
    return node;
  }

  boolean isPassedThrough() {
    return passedThrough;
  }

  /// Reads another file from here on.
  void moveTo(OpenFile other) {
    moving.writeLock().lock();
    try {
      if (closed) {
        other.close();
        return;
      }
      file.close();
      file = other;
    } finally {
      moving.writeLock().unlock();
    }
  }

  @Override
  public int read(long position, ByteBuffer target) throws IOException, InterruptedException {
    moving.readLock().lockInterruptibly();
    try {
      return file.read(position, target);
    } finally {
      moving.readLock().unlock();
    }
  }

  @Override
  public boolean isAtHand(long position, int length) {
    if (!moving.readLock().tryLock()) {
      return false;
    }
    try {
      return file.isAtHand(position, length);
    } finally {
      moving.readLock().unlock();
    }
  }

  @Override
  public OptionalInt descriptor() {
    return OptionalInt.empty();
  }

  @Override
  public void close() {
    moving.writeLock().lock();
    try {
      closed = true;
      file.close();
    } finally {
      moving.writeLock().unlock();
    }
  }
}
