package dev.potluck.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/// One big file from one holder, over loopback, into a new file.
final class SingleBenchmark implements Benchmark {
  private static final int MEBIBYTES = 1024;
  private static final String NAME = "data.bin";

  /// libtorrent needed 3.3 core-s/GB on the machine for which 2.4 were asked of Potluck.
  private static final double CPU_SHARE = 2.4 / 3.3;

  @Override
  public String summary() {
    return "1 GiB from one holder, beside libtorrent and curl";
  }

  @Override
  public Section run(Lab lab) throws IOException, InterruptedException {
    long bytes = lab.options().bytesOr(MEBIBYTES);
    Path work = lab.diskFolder();
    FetchTask task = new FetchTask(Files.createDirectory(work.resolve("source")), NAME, work);
    lab.say("making %d MiB in %s", bytes >> 20, work);
    Trees.file(task.original(), bytes, 1);
    Rounds rounds =
        Rounds.of(
            lab,
            lab.options().rounds(),
            List.of(
                new PotluckFetch(lab, task, 1, false),
                new LibtorrentFetch(lab, task),
                new PotluckFetch(lab, task, 1, true),
                new NginxFetch(lab, task, true),
                new NginxFetch(lab, task, false)));
    Section section =
        new Section("One holder, one receiver: %d MiB".formatted(bytes >> 20))
            .paragraph(
                """
                From the receiver's order to a complete, verified, new file on disk, over loopback.
                Potluck: mutual TLS 1.3, the command `potluck get` with its own start; `potluck`
                has fetched once before, `potluck, just started` has not. libtorrent: plain TCP,
                sessions made before. curl: plain HTTP from nginx; what curl receives unverified is
                the bare transfer. Before each run as much memory is filled and freed, so that nobody
                pays for what a virtual machine gave back to its host.""")
            .table(rounds.table(bytes / 1e9))
            .chart(rounds.chart("Seconds for %d MiB".formatted(bytes >> 20)));
    targets(section, rounds, bytes / 1e9);
    return Machine.sign(section, lab, rounds.leftOut());
  }

  private static void targets(Section section, Rounds rounds, double gigabytes) {
    String ours = rounds.names().getFirst();
    if (rounds.names().contains(LibtorrentFetch.NAME)) {
      section
          .target(
              Target.atMost(
                  "single: time in libtorrent's",
                  rounds.ratio(ours, LibtorrentFetch.NAME),
                  0.75,
                  ""))
          .target(
              Target.atMost(
                  "single: processor time in libtorrent's",
                  rounds.ratio(ours, LibtorrentFetch.NAME, Measurement::cpuSeconds),
                  CPU_SHARE,
                  ""));
    }
    double cpu = rounds.of(ours, Measurement::cpuSeconds).median() / gigabytes;
    double giver = rounds.of(ours, Measurement::giverPeakBytes).median() / (1 << 20);
    double taker = rounds.of(ours, Measurement::takerPeakBytes).median() / (1 << 20);
    section
        .target(Target.atMost("single: both ends' processor time", cpu, 2.4, "core-s/GB"))
        .target(Target.atMost("single: resident, giver", giver, 200, "MiB"))
        .target(Target.atMost("single: resident, taker", taker, 200, "MiB"));
  }
}
