package dev.potluck.doors;

import dev.potluck.content.Name;
import dev.potluck.content.UnavailableException;
import dev.potluck.peer.FileLock;
import dev.potluck.peer.PartyLocks;
import java.util.Optional;

/// Nothing can be locked: the directory is away.
final class NoLocks implements PartyLocks {
  @Override
  public Outcome take(Name name, Kind kind, FileLock wanted, boolean wait) {
    throw away();
  }

  @Override
  public Optional<FileLock> blocker(Name name, Kind kind, FileLock wanted) {
    throw away();
  }

  private static UnavailableException away() {
    return new UnavailableException("the directory is away");
  }

  @Override
  public boolean holds(Name name, Kind kind, long owner, long handle) {
    return false;
  }

  @Override
  public boolean holds(long handle) {
    return false;
  }

  @Override
  public void release(Name name, Kind kind, long owner, long handle, long first, long last) {}

  @Override
  public void closed(long handle) {}

  @Override
  public boolean isLost(long handle) {
    return false;
  }

  @Override
  public void close() {}
}
