package dev.potluck.cli;

import dev.potluck.directory.Endpoint;
import dev.potluck.doors.PartyMount;
import dev.potluck.peer.PeerDaemon;
import dev.potluck.peer.TrackerDaemon;
import dev.potluck.peer.TrackerOptions;
import java.time.Duration;

/// Where the commands get their daemons from.
final class Daemons {
  static final Daemon.Starter<PeerStart> UP = Daemons::up;

  static final Daemon.Starter<TrackerOptions> TRACKER =
      (options, _) ->
          options.joins()
              ? new Peer(PeerDaemon.start(options.asMember()))
              : new Tracker(TrackerDaemon.start(options));

  /// How long a peer that was killed may take to end before its mount is thought to keep it.
  private static final Duration DYING = Duration.ofSeconds(2);

  private Daemons() {}

  private static Daemon up(PeerStart start, Daemon.Begun begun) throws InterruptedException {
    if (start.mount().isPresent() && !PeerDaemon.awaitKilled(start.peer().share(), DYING)) {
      PartyMount.abort(start.mount().get());
    }
    var daemon = PeerDaemon.start(start.peer());
    var peer = new Peer(daemon);
    if (start.mount().isEmpty()) {
      return peer;
    }
    var mountpoint = start.mount().get();
    return MountedPeer.open(
        peer,
        mountpoint,
        () ->
            new Opened(
                PartyMount.open(
                    daemon.files(),
                    daemon.edits(start.writing()),
                    daemon.fileLocks(),
                    mountpoint,
                    start.readTimeout())),
        begun);
  }

  private record Opened(PartyMount mount) implements Mount {
    @Override
    public boolean awaitUnmounted(Duration atMost) throws InterruptedException {
      return mount.awaitUnmounted(atMost);
    }

    @Override
    public void close() {
      mount.close();
    }
  }

  private record Peer(PeerDaemon daemon) implements Daemon {
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
