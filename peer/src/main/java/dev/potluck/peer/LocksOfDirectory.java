package dev.potluck.peer;

import dev.potluck.content.Name;
import dev.potluck.content.UsageException;
import dev.potluck.directory.HeldLock;
import dev.potluck.wire.DirectoryClient;
import dev.potluck.wire.WireLimits;
import java.time.Duration;
import java.util.List;

/// The party's directory, as {@link WriteLocks} asks it.
record LocksOfDirectory(DirectoryClient client) implements WriteLocks.Directory {
  @Override
  public HeldLock lock(Name name, Duration wait, Duration timeout) {
    if (wait.compareTo(WireLimits.LOCK_WAIT) > 0) {
      throw new UsageException(
          "nobody waits longer than " + WireLimits.LOCK_WAIT.toHours() + " h for a lock");
    }
    return client.lock(name, wait, timeout);
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
