package dev.potluck.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/// What several holders are worth: two slow ones at once, and the graph of download time against
/// the number of holders.
final class HoldersBenchmark implements Benchmark {
  private static final String NAME = "data.bin";
  private static final int MEBIBYTES = 64;
  private static final int MEGABITS = 50;
  private static final double MEGABITS_LEAST = 90;

  /// Below that, one of two did not really take part.
  private static final double SENT_LEAST = 0.1;

  @Override
  public String summary() {
    return "2 holders of 50 Mbit/s, and the time against 1 to 8 holders";
  }

  @Override
  public Section run(Lab lab) throws IOException, InterruptedException {
    Section section = new Section("Several holders");
    Optional<String> missing = Hosts.missing();
    if (missing.isPresent()) {
      return section.paragraph("Left out: %s.", missing.get());
    }
    List<String> leftOut = two(lab, section);
    HolderGraph.draw(lab, section);
    return Machine.sign(section, lab, leftOut);
  }

  /// One receiver, two holders, whose links are the limit.
  private static List<String> two(Lab lab, Section section)
      throws IOException, InterruptedException {
    long bytes = lab.options().bytesOr(MEBIBYTES);
    Path work = lab.memoryFolder();
    Path source = Files.createDirectory(work.resolve("source"));
    Trees.file(source.resolve(NAME), bytes, 1);
    Contest contest;
    try (Hosts hosts = Hosts.on(lab)) {
      Host tracker = hosts.add("trk", 0);
      List<Host> seeds = List.of(hosts.add("h1", MEGABITS), hosts.add("h2", MEGABITS));
      Scene scene = new Scene(tracker, seeds, List.of(hosts.add("l", 0)), source, NAME, work);
      List<Crowd> crowds = List.of(new PotluckCrowd(lab, false), new LibtorrentCrowd(lab));
      contest = Contest.of(lab, lab.options().rounds(), crowds, scene);
    }
    Table table =
        new Table(
            List.of(
                "system",
                "seconds",
                "`potluck` in its time",
                "content, Mbit/s",
                "on the wire, Mbit/s",
                "least sender"));
    for (String name : contest.names()) {
      table.add(
          name,
          "%.3f".formatted(contest.of(name, Arrivals::last).median()),
          "%.2f".formatted(contest.ratio(PotluckFetch.NAME, name)),
          "%.1f".formatted(contest.of(name, one -> megabits(bytes, one)).median()),
          "%.1f".formatted(contest.of(name, one -> megabits(one.receivedBytes(), one)).median()),
          "%.2f".formatted(contest.of(name, HoldersBenchmark::leastShare).least()));
    }
    section
        .paragraph(
            """
            Two holders of %d Mbit/s each, hosts of their own, %d MiB, a receiver without a limit.
            Content: the file's bytes in the time from the order to the end; on the wire: all the receiver's interface counted; least sender: how much of all
            that was sent came from the one that sent less, in the worst round.""",
            MEGABITS, bytes >> 20)
        .table(table)
        .target(
            Target.atLeast(
                "holders: content received from two of 50 Mbit/s",
                contest.of(PotluckFetch.NAME, one -> megabits(bytes, one)).median(),
                MEGABITS_LEAST,
                "Mbit/s"))
        .target(
            Target.atLeast(
                "holders: share of the one that sent less",
                contest.of(PotluckFetch.NAME, HoldersBenchmark::leastShare).least(),
                SENT_LEAST,
                ""));
    return contest.leftOut();
  }

  private static double megabits(long bytes, Arrivals arrivals) {
    return bytes * 8 / arrivals.last() / 1e6;
  }

  private static double leastShare(Arrivals arrivals) {
    long least = arrivals.sentBytes().stream().mapToLong(Long::longValue).min().orElse(0);
    return (double) least / Math.max(1, arrivals.allSentBytes());
  }
}
