package dev.potluck.bench;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.stream.Stream;

/// Writing through the mount: many small files, and a small edit of a large one.
final class WriteBenchmark implements Benchmark {
  private static final int FILE_BYTES = 4 << 10;
  private static final int WRITERS = 8;
  private static final int SEATS = 3;
  private static final int WARM_FILES = 2_000;
  private static final int MEBIBYTES = 1024;
  private static final String LARGE = "large.bin";
  private static final String ALONE = "party of one";
  private static final String THREE = "three seats";
  private static final String ASYNC = "three seats, `--commit async`";
  private static final double ALONE_A_SECOND = 2_000;
  private static final double THREE_A_SECOND = 300;
  private static final double EIGHT_A_SECOND = 1_500;
  private static final double ASYNC_A_SECOND = 1_500;
  private static final double EDIT_SECONDS = 0.1;
  private static final Duration LIMIT = Duration.ofMinutes(5);

  private final Random random = new Random(4);

  @Override
  public String summary() {
    return "small files made in the mount, and an edit of a large one, beside sshfs, glusterfs and the disk";
  }

  @Override
  public Section run(Lab lab) throws IOException, InterruptedException {
    int files = lab.options().files();
    long bytes = lab.options().bytesOr(MEBIBYTES);
    List<String> missing =
        Stream.of(SshfsMount.missing(), GlusterMount.missing()).flatMap(Optional::stream).toList();
    Section section =
        new Section("Writing")
            .paragraph(
                """
                %,d files of 4 KiB are made, written and closed, by one program and by %d at the
                same time; their contents differ. A file that is closed is on the disk, and in the
                party: with three seats, on two disks. sshfs, glusterfs and the disk's own file system
                promise neither. Medians of %d rounds.""",
                files, WRITERS, lab.options().rounds());
    Figures one = new Figures();
    Figures eight = new Figures();
    Path work = lab.diskFolder();
    measure(lab, MountedSystem.NATIVE, Files.createDirectory(work.resolve("disk")), one, eight);
    if (SshfsMount.missing().isEmpty()) {
      Path source = Files.createDirectory(work.resolve("source"));
      measure(lab, SshfsMount.NAME, SshfsMount.of(lab, source, work).folder(), one, eight);
    }
    if (GlusterMount.missing().isEmpty()) {
      try (GlusterMount gluster = GlusterMount.of(lab, lab.diskFolder())) {
        measure(lab, GlusterMount.NAME, gluster.folder(), one, eight);
      }
    }
    party(lab, ALONE, 1, List.of(), one, eight);
    party(lab, THREE, SEATS, List.of(), one, eight);
    party(lab, ASYNC, SEATS, List.of("--commit", "async"), one, eight);
    table(section, one, eight);
    edit(lab, bytes, section);
    return Machine.sign(section, lab, missing);
  }

  private static void table(Section section, Figures one, Figures eight) {
    Table table = new Table(List.of("files a second", "one writer", WRITERS + " writers"));
    List<String> systems = new ArrayList<>(List.of(ALONE, THREE, ASYNC, MountedSystem.NATIVE));
    Stream.of(SshfsMount.NAME, GlusterMount.NAME)
        .filter(one.names()::contains)
        .forEach(systems::add);
    for (String system : systems) {
      table.add(
          system, Target.figure(one.of(system).median()), Target.figure(eight.of(system).median()));
    }
    section
        .table(table)
        .target(Target.atLeast("files: party of one", one.of(ALONE).median(), ALONE_A_SECOND, "/s"))
        .target(Target.atLeast("files: three seats", one.of(THREE).median(), THREE_A_SECOND, "/s"))
        .target(
            Target.atLeast(
                "files: three seats, 8 writers", eight.of(THREE).median(), EIGHT_A_SECOND, "/s"))
        .target(Target.atLeast("files: async", one.of(ASYNC).median(), ASYNC_A_SECOND, "/s"));
  }

  private void party(Lab lab, String name, int seats, List<String> more, Figures one, Figures eight)
      throws IOException, InterruptedException {
    try (MountedParty party = MountedParty.up(lab, seats, more)) {
      var _ = perSecond(party.mount().resolve("warm"), WARM_FILES, WRITERS);
      measure(lab, name, party.mount(), one, eight);
    }
  }

  private void measure(Lab lab, String name, Path folder, Figures one, Figures eight)
      throws IOException, InterruptedException {
    for (int round = 0; round < lab.options().rounds(); round++) {
      Path made = folder.resolve("round-" + round);
      one.add(name, perSecond(made.resolve("one"), lab.options().files(), 1));
      eight.add(name, perSecond(made.resolve("eight"), lab.options().files(), WRITERS));
      lab.say(
          "%s, round %d: %.0f/s by one writer, %.0f/s by %d",
          name, round + 1, one.of(name).median(), eight.of(name).median(), WRITERS);
    }
  }

  private double perSecond(Path folder, int files, int writers)
      throws IOException, InterruptedException {
    List<Callable<Integer>> tasks = new ArrayList<>();
    for (int i = 0; i < writers; i++) {
      Path own = Files.createDirectories(folder.resolve("writer-" + i));
      byte[] content = new byte[FILE_BYTES];
      random.nextBytes(content);
      int count = files / writers;
      tasks.add(() -> make(own, count, content));
    }
    long startNanos = System.nanoTime();
    int made = Together.all(writers, tasks).stream().mapToInt(Integer::intValue).sum();
    return made / ReadSpeed.secondsSince(startNanos);
  }

  private static int make(Path folder, int count, byte[] content) throws IOException {
    ByteBuffer bytes = ByteBuffer.allocateDirect(content.length).put(content);
    for (int i = 0; i < count; i++) {
      bytes.putInt(0, i).rewind();
      try (FileChannel file =
          FileChannel.open(
              folder.resolve("f%06d".formatted(i)),
              StandardOpenOption.CREATE_NEW,
              StandardOpenOption.WRITE)) {
        file.write(bytes);
      }
    }
    return count;
  }

  /// A few bytes in the middle of a large file, from the write to the return of close.
  private void edit(Lab lab, long bytes, Section section) throws IOException, InterruptedException {
    List<Double> seconds = new ArrayList<>();
    try (MountedParty party = MountedParty.up(lab, 2, List.of())) {
      PotluckPeer writer = party.writer();
      LocalReads.file(writer.share(), LARGE, bytes);
      writer.update();
      writer.awaitHolders(LARGE, 1, LIMIT);
      Path large = party.mount().resolve(LARGE);
      for (int round = 0; round < lab.options().rounds(); round++) {
        ByteBuffer change = ByteBuffer.allocateDirect(FILE_BYTES).putInt(0, round + 1);
        long startNanos = System.nanoTime();
        try (FileChannel file = FileChannel.open(large, StandardOpenOption.WRITE)) {
          file.write(change, bytes / 2);
        }
        seconds.add(ReadSpeed.secondsSince(startNanos));
        lab.say("4 KiB in %d MiB, saved in %.3f s", bytes >> 20, seconds.getLast());
      }
    }
    Statistics took = Statistics.of(seconds);
    section
        .paragraph(
            "4 KiB in the middle of %d MiB, written and closed: %.3f s (%.3f to %.3f).",
            bytes >> 20, took.median(), took.least(), took.greatest())
        .target(Target.atMost("edit of a large file", took.median(), EDIT_SECONDS, "s"));
  }
}
