package dev.potluck.peer;

import dev.potluck.content.Name;
import dev.potluck.content.UnavailableException;
import dev.potluck.content.UsageException;
import dev.potluck.directory.HeldLock;
import dev.potluck.directory.LockMode;
import dev.potluck.wire.DirectoryClient;
import dev.potluck.wire.Granted;
import dev.potluck.wire.WireLimits;
import java.time.Duration;
import java.util.List;

/// The party's directory, as {@link PeerLocks} asks it.
record LocksOfDirectory(DirectoryClient client, Namespace namespace)
    implements PeerLocks.Directory {
  @Override
  public HeldLock lock(Name name, LockMode mode, Duration wait, Duration timeout)
      throws InterruptedException {
    if (wait.compareTo(WireLimits.LOCK_WAIT) > 0) {
      throw new UsageException(
          "nobody waits longer than " + WireLimits.LOCK_WAIT.toHours() + " h for a lock");
    }
    Granted granted = client.lock(name, mode, wait, timeout);
    if (!namespace.isAt(granted.incarnation(), granted.revision(), timeout)) {
      throw new UnavailableException(
          name + " is locked, but what others have made of it is not known here yet: try again");
    }
    return granted.held();
  }

  @Override
  public void unlock(Name name, long token, Duration timeout) {
    client.unlock(name, token, timeout);
  }

  @Override
  public void share(Name name, long token, Duration timeout) {
    client.share(name, token, timeout);
  }

  @Override
  public List<HeldLock> locks(List<Name> names, Duration timeout) {
    return client.locks(names, timeout);
  }
}
