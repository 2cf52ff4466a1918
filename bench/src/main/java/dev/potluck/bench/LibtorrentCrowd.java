package dev.potluck.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;

/// libtorrent over TCP without encryption; all sessions are made before, and each leecher is told
/// at the start where all others are, which spares it the tracker.
final class LibtorrentCrowd implements Crowd {
  private static final Duration LIMIT = Duration.ofMinutes(3);
  private static final String PORT = "6881";

  private final Lab lab;

  LibtorrentCrowd(Lab lab) {
    this.lab = lab;
  }

  @Override
  public String name() {
    return LibtorrentFetch.NAME;
  }

  @Override
  public Optional<String> missing() {
    return LibtorrentFetch.installed()
        ? Optional.empty()
        : Optional.of("apt install python3-libtorrent");
  }

  @Override
  public Arrivals run(Scene scene) throws IOException, InterruptedException {
    Path work = Files.createDirectory(scene.work().resolve("libtorrent"));
    Path driver = LibtorrentFetch.driver(work);
    String torrent = work.resolve("content.torrent").toString();
    Child.run(
        Host.LOOPBACK,
        work.resolve("make.out"),
        LIMIT,
        LibtorrentFetch.command(driver, "make", scene.file().toString(), torrent));
    List<Child> sessions = new ArrayList<>();
    Arrivals arrivals;
    try {
      for (Host seed : scene.seeds()) {
        String folder = scene.source().toString();
        sessions.add(
            start(seed, work, LibtorrentFetch.command(driver, "seed", torrent, folder, PORT)));
      }
      Path go = work.resolve("go");
      for (int i = 0; i < scene.leechers().size(); i++) {
        String folder = Files.createDirectory(work.resolve("l" + i)).toString();
        List<String> words = new ArrayList<>(List.of("leech", torrent, folder, PORT));
        words.add(go.toString());
        words.addAll(others(scene, i));
        Host host = scene.leechers().get(i);
        List<String> command = LibtorrentFetch.command(driver, words.toArray(String[]::new));
        sessions.add(start(host, work, command));
      }
      for (Child session : sessions) {
        var _ = session.awaitLine(line -> line.startsWith("ready "), LIMIT);
      }
      arrivals = race(scene, work, go, sessions.subList(scene.seeds().size(), sessions.size()));
    } finally {
      Child.closeAll(sessions);
    }
    Trees.delete(work);
    return arrivals;
  }

  private Child start(Host host, Path work, List<String> command) throws IOException {
    return lab.keep(Child.start(host, work.resolve(host.address() + ".out"), command));
  }

  private static List<String> others(Scene scene, int self) {
    List<String> others = new ArrayList<>();
    scene.seeds().forEach(seed -> others.add(seed.address() + ":" + PORT));
    for (int i = 0; i < scene.leechers().size(); i++) {
      if (i != self) {
        others.add(scene.leechers().get(i).address() + ":" + PORT);
      }
    }
    return others;
  }

  private static Arrivals race(Scene scene, Path work, Path go, List<Child> leechers)
      throws IOException, InterruptedException {
    Race race = Race.start(scene);
    Files.createFile(go);
    List<Callable<Long>> waits = new ArrayList<>();
    for (Child leecher : leechers) {
      waits.add(
          () -> {
            var _ = leecher.awaitLine(line -> line.equals("done"), LIMIT);
            return System.nanoTime();
          });
    }
    Together.all(leechers.size(), waits).forEach(race::arrived);
    Arrivals arrivals = race.over();
    for (int i = 0; i < leechers.size(); i++) {
      race.check(work.resolve("l" + i));
    }
    return arrivals;
  }
}
