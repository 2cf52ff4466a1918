package dev.potluck.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// A party on this machine, whose first peer has a mount.
///
/// @param peers the one with the mount first
record MountedParty(Path mount, List<PotluckPeer> peers) implements AutoCloseable {
  private static final int SEATED = 3;
  private static final Duration LIMIT = Duration.ofMinutes(5);

  /// @param size how many peers; from three on three of them are seats
  /// @param more options of the peer with the mount
  static MountedParty up(Lab lab, int size, List<String> more)
      throws IOException, InterruptedException {
    Path work = lab.diskFolder();
    Path mount = Files.createDirectory(work.resolve("mnt"));
    List<String> mounting = new ArrayList<>(List.of("--mount", mount.toString()));
    mounting.addAll(more);
    List<PotluckPeer> peers = new ArrayList<>();
    peers.add(PotluckPeer.up(lab, Host.LOOPBACK, work.resolve("writer"), mounting));
    for (int i = 1; i < size; i++) {
      Path share = work.resolve("seat-" + i);
      peers.add(PotluckPeer.join(lab, Host.LOOPBACK, share, peers.getFirst(), List.of()));
    }
    int seats = size < SEATED ? 1 : SEATED;
    for (PotluckPeer peer : peers) {
      peer.await(
          "status",
          Map.of(),
          LIMIT,
          status -> status.path("directory").path("members").size() == seats);
    }
    return new MountedParty(mount, peers);
  }

  PotluckPeer writer() {
    return peers.getFirst();
  }

  @Override
  public void close() throws IOException {
    PotluckPeer.closeAll(peers);
  }
}
