package dev.potluck.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;

/// A closed party with a tracker on a host of its own: all daemons are started, the seeds' file is
/// announced, then every leecher is told `get` at the same time, as by a user who sits at its
/// `potluck shell`: so many commands' own starts on one machine would be no swarm's.
final class PotluckCrowd implements Crowd {
  static final String NAME = "potluck";
  private static final Duration LIMIT = Duration.ofMinutes(3);
  private static final int STARTED_AT_A_TIME = 3;

  private final Lab lab;

  PotluckCrowd(Lab lab) {
    this.lab = lab;
  }

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public Optional<String> missing() {
    return Optional.empty();
  }

  @Override
  public Arrivals run(Scene scene) throws IOException, InterruptedException {
    Path work = Files.createDirectory(scene.work().resolve(NAME));
    List<PotluckPeer> party = new ArrayList<>();
    Arrivals arrivals;
    try {
      PotluckPeer tracker =
          PotluckPeer.tracker(lab, scene.tracker(), work.resolve("tracker"), List.of("--memory"));
      party.add(tracker);
      List<Callable<PotluckPeer>> starts = new ArrayList<>();
      for (int i = 0; i < scene.seeds().size(); i++) {
        Host host = scene.seeds().get(i);
        Path share = Files.createDirectory(work.resolve("s" + i));
        Files.createLink(share.resolve(scene.name()), scene.file());
        starts.add(() -> PotluckPeer.join(lab, host, share, tracker, List.of()));
      }
      for (int i = 0; i < scene.leechers().size(); i++) {
        Host host = scene.leechers().get(i);
        Path share = Files.createDirectory(work.resolve("l" + i));
        starts.add(() -> PotluckPeer.join(lab, host, share, tracker, List.of()));
      }
      List<PotluckPeer> peers = Together.all(STARTED_AT_A_TIME, starts);
      party.addAll(peers);
      arrivals = race(scene, peers.subList(scene.seeds().size(), peers.size()));
    } finally {
      PotluckPeer.closeAll(party);
    }
    Trees.delete(work);
    return arrivals;
  }

  private static Arrivals race(Scene scene, List<PotluckPeer> leechers)
      throws IOException, InterruptedException {
    for (PotluckPeer leecher : leechers) {
      leecher.awaitHolders(scene.name(), scene.seeds().size(), LIMIT);
    }
    new Quiet().await();
    Race race = new Race(scene);
    List<Callable<Long>> orders = new ArrayList<>();
    for (PotluckPeer leecher : leechers) {
      orders.add(
          () -> {
            List<String> names = List.of(scene.name());
            var _ = leecher.ask("get", Map.of("names", names, "wait_ms", LIMIT.toMillis()));
            return System.nanoTime();
          });
    }
    Together.all(leechers.size(), orders).forEach(race::arrived);
    Arrivals arrivals = race.over();
    for (PotluckPeer leecher : leechers) {
      race.check(leecher.share());
    }
    return arrivals;
  }
}
