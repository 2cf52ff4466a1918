package dev.potluck.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/// Many small files from one peer to another.
final class SmallBenchmark implements Benchmark {
  private static final String NAME = "tree";
  private static final int FILE_BYTES = 4096;

  @Override
  public String summary() {
    return "10,000 files of 4 KiB, beside an rsync daemon";
  }

  @Override
  public Section run(Lab lab) throws IOException, InterruptedException {
    int files = lab.options().files();
    Path work = lab.memoryFolder();
    FetchTask task = new FetchTask(Files.createDirectory(work.resolve("source")), NAME, work);
    lab.say("making %d files in %s", files, work);
    Trees.small(task.original(), files, 1);
    Rounds rounds =
        Rounds.of(
            lab,
            lab.options().rounds(),
            List.of(
                new PotluckFetch(lab, task, files, false),
                new RsyncFetch(lab, task),
                new PotluckFetch(lab, task, files, true),
                new LibtorrentFetch(lab, task)));
    Section section =
        new Section("%,d files of 4 KiB in 100 folders".formatted(files))
            .paragraph(
                """
                `potluck get -r`, from the command to its end, shares in %s, over loopback.
                Potluck: mutual TLS 1.3; `potluck` has fetched once before, `potluck, just started`
                has not. rsync: plain TCP, `-aW`. libtorrent: plain TCP, sessions made before.""",
                work.startsWith(Lab.MEMORY) ? "memory (tmpfs)" : "a folder of the disk")
            .table(rounds.table((double) files * FILE_BYTES / 1e9))
            .chart(rounds.chart("Seconds for %,d files".formatted(files)));
    String ours = rounds.names().getFirst();
    if (rounds.names().contains(RsyncFetch.NAME)) {
      section.target(
          Target.atMost(
              "small: time in an rsync daemon's", rounds.ratio(ours, RsyncFetch.NAME), 2.5, ""));
    }
    return Machine.sign(section, lab, rounds.leftOut());
  }
}
