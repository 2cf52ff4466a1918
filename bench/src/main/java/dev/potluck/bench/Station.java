package dev.potluck.bench;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/// A peer on a host of its own that can be killed, started again, stopped, and cut off.
final class Station {
  private static final List<String> OPTIONS = List.of("--lease", "6s", "--refresh", "2s");

  private final Lab lab;
  private final Host host;
  private final Path share;
  private PotluckPeer peer;
  private boolean stopped;

  private Station(Lab lab, Host host, Path share, PotluckPeer peer) {
    this.lab = lab;
    this.host = host;
    this.share = share;
    this.peer = peer;
  }

  /// One more peer of the party that the others are.
  static Station up(Lab lab, Hosts hosts, Path share, List<Station> others)
      throws IOException, InterruptedException {
    Host host = hosts.add(share.getFileName().toString(), 0);
    PotluckPeer peer =
        others.isEmpty()
            ? PotluckPeer.up(lab, host, share, OPTIONS)
            : PotluckPeer.join(lab, host, share, others.getFirst().peer, OPTIONS);
    return new Station(lab, host, share, peer);
  }

  String name() {
    return share.getFileName().toString();
  }

  Path share() {
    return share;
  }

  synchronized PotluckPeer peer() {
    return peer;
  }

  /// Kills it (-9) and starts it again; returns when it serves.
  void restart() throws IOException, InterruptedException {
    peer().kill();
    PotluckPeer again = PotluckPeer.up(lab, host, share, OPTIONS);
    synchronized (this) {
      peer = again;
      stopped = false;
    }
  }

  synchronized void stop() throws IOException, InterruptedException {
    stopped = true;
    var _ = Hosts.run(List.of("kill", "-STOP", Long.toString(peer.handle().pid())));
  }

  synchronized void goOn() throws IOException, InterruptedException {
    if (stopped) {
      stopped = false;
      var _ = Hosts.run(List.of("kill", "-CONT", Long.toString(peer.handle().pid())));
    }
  }

  /// From now on nothing that this one sends arrives there.
  void cut(Station to) throws IOException, InterruptedException {
    route("replace", to);
  }

  void mend(Station to) throws IOException, InterruptedException {
    route("del", to);
  }

  private void route(String what, Station to) throws IOException, InterruptedException {
    String[] words = {"ip", "route", what, "blackhole", to.host.address() + "/32"};
    var _ = Hosts.run(host.command(List.of(words)));
  }
}
