package dev.potluck.cli;

import dev.potluck.directory.Endpoint;
import dev.potluck.peer.TrackerDaemon;
import dev.potluck.peer.TrackerOptions;

/// Where the commands get their daemons from.
final class Daemons {
  static final Daemon.Starter<PeerStart> UP = MountedPeer::start;

  static final Daemon.Starter<TrackerOptions> TRACKER =
      options -> new Tracker(TrackerDaemon.start(options));

  private Daemons() {}

  private record Tracker(TrackerDaemon daemon) implements Daemon {
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

    @Override
    public void close() {
      daemon.close();
    }
  }
}
