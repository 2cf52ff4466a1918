package dev.potluck.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// A flash crowd: one seed, and many who want its file at the same time, each on a host of its own.
final class SwarmBenchmark implements Benchmark {
  private static final String NAME = "data.bin";
  private static final int MEBIBYTES = 64;
  private static final int MEGABITS = 100;

  /// What the last peer may need, in lower bounds, by the size of the swarm.
  private static final Map<Integer, Double> TARGETS = Map.of(8, 1.25, 16, 1.35);

  @Override
  public String summary() {
    return "1 seed, 8 and 16 peers in network namespaces, beside libtorrent";
  }

  @Override
  public Section run(Lab lab) throws IOException, InterruptedException {
    long bytes = lab.options().bytesOr(MEBIBYTES);
    Section section =
        new Section("Flash crowd: one seed, %d MiB".formatted(bytes >> 20))
            .paragraph(
                """
                Each peer is a host of its own (a network namespace on a bridge), %d Mbit/s each
                way (tbf), cubic. From the orders, all at once, to the last and the mean peer with
                the whole verified file. Potluck: mutual TLS 1.3; `get` at every peer's control
                socket, as from its `potluck shell`; every peer has fetched another file of that size
                before, and in `potluck, just started` nothing. libtorrent: plain TCP, sessions
                made before, peers' addresses given. The bound is max(F/us, F/dmin, N F/(us + sum u)).""",
                MEGABITS);
    Optional<String> missing = Hosts.missing();
    if (missing.isPresent()) {
      return section.paragraph("Left out: %s.", missing.get());
    }
    Path work = lab.memoryFolder();
    Path source = Files.createDirectory(work.resolve("source"));
    Trees.file(source.resolve(NAME), bytes, 1);
    Hosts hosts = Hosts.on(lab);
    Host tracker = hosts.add("trk", 0);
    Host seed = hosts.add("seed", MEGABITS);
    List<Host> leechers = new ArrayList<>();
    for (int i = 0; i < Collections.max(lab.options().peers()); i++) {
      leechers.add(hosts.add("l" + i, MEGABITS));
    }
    Scene whole = new Scene(tracker, List.of(seed), leechers, source, NAME, work);
    List<Crowd> crowds =
        List.of(
            new PotluckCrowd(lab, false), new PotluckCrowd(lab, true), new LibtorrentCrowd(lab));
    List<String> leftOut = List.of();
    for (int count : lab.options().peers()) {
      Contest contest = Contest.of(lab, lab.options().rounds(), crowds, whole.of(count));
      double rate = MEGABITS * 1e6 / 8;
      double bound = Arrivals.lowerBoundSeconds(bytes, count, rate, rate);
      section
          .paragraph("N = %d, at best %.3f s:", count, bound)
          .table(table(contest, bytes, bound))
          .chart(contest.chart("Seconds until the last of %d peers is done".formatted(count)));
      double ratio = contest.of(PotluckFetch.NAME, Arrivals::last).median() / bound;
      Optional.ofNullable(TARGETS.get(count))
          .ifPresent(
              most ->
                  section.target(
                      Target.atMost(
                          "swarm, N = %d: last peer, in lower bounds".formatted(count),
                          ratio,
                          most,
                          "")));
      leftOut = contest.leftOut();
    }
    return Machine.sign(section, lab, leftOut);
  }

  private static Table table(Contest contest, long bytes, double bound) {
    Table table =
        new Table(
            List.of(
                "system",
                "last, s",
                "least to greatest",
                "`potluck` in its time",
                "mean, s",
                "last / bound",
                "mean / bound",
                "copies the seed sent"));
    Map<String, Statistics> last = new LinkedHashMap<>();
    contest.names().forEach(name -> last.put(name, contest.of(name, Arrivals::last)));
    last.forEach(
        (name, seconds) -> {
          double mean = contest.of(name, Arrivals::mean).median();
          double sent = contest.of(name, one -> (double) one.allSentBytes()).median();
          table.add(
              name,
              "%.3f".formatted(seconds.median()),
              "%.3f to %.3f".formatted(seconds.least(), seconds.greatest()),
              "%.2f".formatted(contest.ratio(PotluckFetch.NAME, name)),
              "%.3f".formatted(mean),
              "%.2f".formatted(seconds.median() / bound),
              "%.2f".formatted(mean / bound),
              "%.2f".formatted(sent / bytes));
        });
    return table;
  }
}
