package dev.potluck.bench;

import dev.potluck.content.FailedException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/// Files that another peer has, read through the mount for the first time: each file once.
final class RemoteReads {
  /// How many files are opened for their first bytes alone.
  static final int FIRSTS = 20;

  /// How many are read at the same time.
  static final int READERS = 64;

  static final int READER_MEBIBYTES = 8;

  private static final double FIRST_MILLIS = 20;
  private static final double GIGABYTES_A_SECOND = 0.6;
  private static final double SSHFS_TIMES = 0.5;
  private static final double SLOWEST_IN_MEDIAN = 3;
  private static final Duration LIMIT = Duration.ofMinutes(3);

  private final Lab lab;
  private final Path work;
  private final Path folder;
  private final Optional<Path> sshfs;

  /// @param work a folder of the disk
  /// @param folder the mount
  /// @param sshfs the same files through sshfs
  RemoteReads(Lab lab, Path work, Path folder, Optional<Path> sshfs) {
    this.lab = lab;
    this.work = work;
    this.folder = folder;
    this.sshfs = sshfs;
  }

  static String first(int number) {
    return "first-%02d.bin".formatted(number);
  }

  static String big(int round) {
    return "big-%02d.bin".formatted(round);
  }

  static String summed(int round) {
    return "summed-%02d.bin".formatted(round);
  }

  static String reader(int number) {
    return "reader-%02d.bin".formatted(number);
  }

  void measure(int rounds, Section section) throws IOException, InterruptedException {
    List<Double> firsts = new ArrayList<>();
    for (int i = 0; i < FIRSTS; i++) {
      firsts.add(ReadSpeed.firstBytes(folder.resolve(first(i))) * 1e3);
    }
    lab.say("first bytes: %s ms", firsts);
    Figures speeds = new Figures();
    Figures sums = new Figures();
    for (int round = 0; round < rounds; round++) {
      claim(folder.resolve(big(round)));
      speeds.add(MountedSystem.POTLUCK, ReadSpeed.sequential(folder.resolve(big(round))) / 1e9);
      claim(folder.resolve(summed(round)));
      sums.add(MountedSystem.POTLUCK, md5sum(folder.resolve(summed(round))));
      if (sshfs.isPresent()) {
        claim(folder.resolve(big(round)));
        speeds.add(SshfsMount.NAME, ReadSpeed.sequential(sshfs.get().resolve(big(round))) / 1e9);
        claim(folder.resolve(summed(round)));
        sums.add(SshfsMount.NAME, md5sum(sshfs.get().resolve(summed(round))));
      }
      lab.say("round %d of a file that is not here", round + 1);
    }
    Table table =
        new Table(List.of("system", "sequential, GB/s", "least to greatest", "`md5sum`, s"));
    for (String system : speeds.names()) {
      Statistics speed = speeds.of(system);
      table.add(
          system,
          Target.figure(speed.median()),
          Target.figure(speed.least()) + " to " + Target.figure(speed.greatest()),
          Target.figure(sums.of(system).median()));
    }
    section.table(table);
    section
        .target(
            Target.atMost(
                "mount, elsewhere: first bytes",
                Statistics.of(firsts).median(),
                FIRST_MILLIS,
                "ms"))
        .target(
            Target.atLeast(
                "mount, elsewhere: sequential",
                speeds.of(MountedSystem.POTLUCK).median(),
                GIGABYTES_A_SECOND,
                "GB/s"));
    if (sshfs.isPresent()) {
      section.target(
          Target.atMost(
              "mount, elsewhere: md5sum's time in sshfs's",
              sums.ratio(MountedSystem.POTLUCK, SshfsMount.NAME),
              SSHFS_TIMES,
              ""));
    }
    atOnce(section);
  }

  /// What comes lies in the cache of the mount, and in that of the share.
  private void claim(Path file) throws IOException {
    Memory.claim(work, 2 * Files.size(file));
  }

  private double md5sum(Path file) throws IOException, InterruptedException {
    Path output = lab.diskFolder().resolve("md5sum.out");
    long startNanos = System.nanoTime();
    Child.run(Host.LOOPBACK, output, LIMIT, List.of("md5sum", file.toString()));
    return ReadSpeed.secondsSince(startNanos);
  }

  /// Readers of a file each, which all begin at the same time.
  private void atOnce(Section section) throws InterruptedException {
    List<Callable<Double>> readers = new ArrayList<>();
    long startNanos = System.nanoTime();
    for (int i = 0; i < READERS; i++) {
      Path file = folder.resolve(reader(i));
      readers.add(
          () -> {
            ReadSpeed.sequential(file);
            return ReadSpeed.secondsSince(startNanos);
          });
    }
    List<Double> seconds = new ArrayList<>();
    try (ExecutorService threads = Executors.newFixedThreadPool(READERS)) {
      for (Future<Double> reader : threads.invokeAll(readers)) {
        seconds.add(reader.get());
      }
    } catch (ExecutionException e) {
      throw new FailedException("a reader failed: " + e.getCause());
    }
    Statistics ended = Statistics.of(seconds);
    section
        .paragraph(
            """
            %d readers at once, each of a file of its own of %d MiB that another peer has: the first
            was done after %.2f s, the median after %.2f s, the last after %.2f s.""",
            READERS, READER_MEBIBYTES, ended.least(), ended.median(), ended.greatest())
        .target(
            Target.atMost(
                "mount, %d readers: the slowest in the median".formatted(READERS),
                ended.greatest() / ended.median(),
                SLOWEST_IN_MEDIAN,
                ""));
  }
}
