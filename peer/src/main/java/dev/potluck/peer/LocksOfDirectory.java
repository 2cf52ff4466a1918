package dev.potluck.peer;

import dev.potluck.content.Name;
import dev.potluck.directory.HeldLock;
import dev.potluck.wire.DirectoryClient;
import dev.potluck.wire.WireLimits;
import java.time.Duration;
import java.util.List;

/// The party's directory, as {@link WriteLocks} asks it.
record LocksOfDirectory(DirectoryClient client) implements WriteLocks.Directory {
  @Override
  public HeldLock lock(Name name, Duration wait, Duration timeout) {
    Duration bounded = wait.compareTo(WireLimits.LOCK_WAIT) > 0 ? WireLimits.LOCK_WAIT : wait;
    return client.lock(name, bounded, timeout);
  }

  @Override
  public void unlock(Name name, long token, Duration timeout) {
    client.unlock(name, token, timeout);
  }

  @Override
  public List<HeldLock> locks(List<Name> names, Duration timeout) {
    return client.locks(names, timeout);
  }
}
