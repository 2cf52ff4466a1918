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
  private static final Duration LIMIT = Duration.ofMinutes(3);
  private static final int STARTED_AT_A_TIME = 3;
  private static final String WARM_UP = "before.bin";
  private static final long WARM_UP_SEED = 99;

  private final Lab lab;
  private final boolean fresh;

  /// @param fresh the daemons have just started; else every leecher has fetched something before
  PotluckCrowd(Lab lab, boolean fresh) {
    this.lab = lab;
    this.fresh = fresh;
  }

  @Override
  public String name() {
    return PotluckFetch.name(fresh);
  }

  @Override
  public Optional<String> missing() {
    return Optional.empty();
  }

  @Override
  public Arrivals run(Scene scene) throws IOException, InterruptedException {
    Path work = Files.createDirectory(scene.work().resolve(PotluckFetch.NAME));
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
        if (!fresh) {
          Trees.file(share.resolve(WARM_UP), Files.size(scene.file()), WARM_UP_SEED);
        }
        starts.add(() -> PotluckPeer.join(lab, host, share, tracker, List.of()));
      }
      for (int i = 0; i < scene.leechers().size(); i++) {
        Host host = scene.leechers().get(i);
        Path share = Files.createDirectory(work.resolve("l" + i));
        starts.add(() -> PotluckPeer.join(lab, host, share, tracker, List.of()));
      }
      List<PotluckPeer> peers = Together.all(STARTED_AT_A_TIME, starts);
      party.addAll(peers);
      List<PotluckPeer> leechers = peers.subList(scene.seeds().size(), peers.size());
      if (!fresh) {
        awaitHolders(WARM_UP, scene.seeds().size(), leechers);
        var _ = fetch(WARM_UP, leechers);
      }
      arrivals = race(scene, leechers);
    } finally {
      PotluckPeer.closeAll(party);
    }
    Trees.delete(work);
    return arrivals;
  }

  private static Arrivals race(Scene scene, List<PotluckPeer> leechers)
      throws IOException, InterruptedException {
    awaitHolders(scene.name(), scene.seeds().size(), leechers);
    Race race = Race.start(scene);
    fetch(scene.name(), leechers).forEach(race::arrived);
    Arrivals arrivals = race.over();
    for (PotluckPeer leecher : leechers) {
      race.check(leecher.share());
    }
    return arrivals;
  }

  private static void awaitHolders(String name, int count, List<PotluckPeer> leechers)
      throws InterruptedException {
    for (PotluckPeer leecher : leechers) {
      leecher.awaitHolders(name, count, LIMIT);
    }
  }

  /// All fetch it at the same time.
  ///
  /// @return when each was done, by {@link System#nanoTime()}
  private static List<Long> fetch(String name, List<PotluckPeer> leechers)
      throws IOException, InterruptedException {
    List<Callable<Long>> orders = new ArrayList<>();
    for (PotluckPeer leecher : leechers) {
      orders.add(
          () -> {
            var _ = leecher.ask("get", Map.of("names", List.of(name), "wait_ms", LIMIT.toMillis()));
            return System.nanoTime();
          });
    }
    return Together.all(leechers.size(), orders);
  }
}
