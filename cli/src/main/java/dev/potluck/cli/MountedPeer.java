package dev.potluck.cli;

import dev.potluck.directory.Endpoint;
import dev.potluck.doors.PartyMount;
import dev.potluck.peer.PeerDaemon;
import java.util.Optional;

/// A peer, and its mount if it has one.
record MountedPeer(PeerDaemon daemon, Optional<PartyMount> mount) implements Daemon {
  static Daemon start(PeerStart start) throws InterruptedException {
    PeerDaemon daemon = PeerDaemon.start(start.peer());
    boolean mounted = false;
    try {
      Optional<PartyMount> mount = Optional.empty();
      if (start.mount().isPresent()) {
        mount =
            Optional.of(PartyMount.open(daemon.files(), start.mount().get(), start.readTimeout()));
      }
      mounted = true;
      return new MountedPeer(daemon, mount);
    } finally {
      if (!mounted) {
        daemon.close();
      }
    }
  }

  @Override
  public String name() {
    return daemon.name();
  }

  @Override
  public Endpoint address() {
    return daemon.address();
  }

  @Override
  public void awaitEnd() throws InterruptedException {
    daemon.awaitEnd();
  }

  /// The mount first: who reads there is answered as long as possible.
  @Override
  public void close() {
    mount.ifPresent(PartyMount::close);
    daemon.close();
  }
}
