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
import java.util.SplittableRandom;
import java.util.stream.Stream;

/// What programs write into the mount: one large file, an archive that is unpacked, a repository
/// that is cloned.
final class ProgramsBenchmark implements Benchmark {
  private static final int MEBIBYTES = 1024;
  private static final int TREE_FILES_MAX = 5_000;
  private static final int CHUNK_BYTES = 1 << 20;
  private static final String ASYNC = "potluck, `--commit async`";
  private static final String THREE = "potluck, three seats";
  private static final int SEATS = 3;
  private static final double LARGE_OF_NATIVE = 0.8;
  private static final double ASYNC_OF_NATIVE = 8;
  private static final Duration LIMIT = Duration.ofMinutes(10);

  /// What is done in one turn.
  @FunctionalInterface
  private interface Work {
    void run(Path folder) throws IOException, InterruptedException;
  }

  private final Quiet quiet = new Quiet();

  @Override
  public String summary() {
    return "a large file, tar x and git clone into the mount, beside sshfs, glusterfs and the disk";
  }

  @Override
  public Section run(Lab lab) throws IOException, InterruptedException {
    long bytes = lab.options().bytesOr(MEBIBYTES);
    int files = Math.min(TREE_FILES_MAX, lab.options().files());
    Path work = lab.diskFolder();
    Path archive = archive(work, files);
    Path repository = repository(work);
    List<MountedSystem> systems = new ArrayList<>();
    systems.add(
        new MountedSystem(MountedSystem.NATIVE, Files.createDirectory(work.resolve("disk"))));
    systems.add(party(lab, MountedSystem.POTLUCK, "close"));
    systems.add(party(lab, ASYNC, "async"));
    systems.add(party(lab, THREE, "close"));
    List<String> missing =
        Stream.of(SshfsMount.missing(), GlusterMount.missing()).flatMap(Optional::stream).toList();
    if (SshfsMount.missing().isEmpty()) {
      Path own = lab.diskFolder();
      Path source = Files.createDirectory(own.resolve("source"));
      systems.add(new MountedSystem(SshfsMount.NAME, SshfsMount.of(lab, source, own).folder()));
    }
    if (GlusterMount.missing().isEmpty()) {
      Path folder = GlusterMount.of(lab, lab.diskFolder()).folder();
      systems.add(new MountedSystem(GlusterMount.NAME, folder));
    }
    Path said = work.resolve("program.out");
    Figures large = new Figures();
    Figures unpacked = new Figures();
    Figures cloned = new Figures();
    for (int round = 0; round < lab.options().rounds(); round++) {
      long seed = round;
      for (MountedSystem system : systems) {
        Path folder = Files.createDirectory(system.file("round-" + round));
        take(said, large, system, folder, at -> large(at.resolve("large"), bytes, seed));
        Files.delete(folder.resolve("large"));
        take(
            said,
            unpacked,
            system,
            folder,
            at -> run(said, "tar", "xf", archive.toString(), "-C", at.toString()));
        take(
            said,
            cloned,
            system,
            folder,
            at ->
                run(said, "git", "clone", "-q", repository.toString(), at.resolve("g").toString()));
        lab.say(
            "%s, round %d: %d MiB in %.2f s, tar x %.2f s, git clone %.2f s",
            system.name(),
            round + 1,
            bytes >> 20,
            large.of(system.name()).median(),
            unpacked.of(system.name()).median(),
            cloned.of(system.name()).median());
      }
    }
    Section section =
        new Section("Programs that write")
            .paragraph(
                """
                A new file of %d MiB, written, synced and closed; `tar x` of %,d files of 4 KiB; `git
                clone` of a repository of as many files. Seconds, medians of %d rounds in which
                systems took turns. A party of one if not said otherwise.""",
                bytes >> 20, files, lab.options().rounds());
    table(section, systems, List.of(large, unpacked, cloned));
    targets(section, large, unpacked, cloned);
    return Machine.sign(section, lab, missing);
  }

  private static MountedSystem party(Lab lab, String name, String commit)
      throws IOException, InterruptedException {
    int size = name.equals(THREE) ? SEATS : 1;
    MountedParty party = MountedParty.up(lab, size, List.of("--commit", commit));
    return new MountedSystem(name, party.mount());
  }

  private static Path archive(Path work, int files) throws IOException, InterruptedException {
    Path tree = Files.createDirectory(work.resolve("tree"));
    Trees.small(tree, files, 1);
    Path archive = work.resolve("tree.tar");
    run(work.resolve("tar.out"), "tar", "cf", archive.toString(), "-C", work.toString(), "tree");
    return archive;
  }

  /// Of the files that were packed.
  private static Path repository(Path work) throws IOException, InterruptedException {
    Path said = work.resolve("git.out");
    String tree = work.resolve("tree").toString();
    run(said, "git", "-C", tree, "init", "-q");
    run(said, "git", "-C", tree, "add", ".");
    run(
        said,
        "git",
        "-C",
        tree,
        "-c",
        "user.name=bench",
        "-c",
        "user.email=bench@localhost",
        "commit",
        "-qm",
        "all");
    return work.resolve("tree");
  }

  private static void run(Path output, String... command) throws IOException, InterruptedException {
    Child.run(Host.LOOPBACK, output, LIMIT, List.of(command));
  }

  private static void large(Path path, long bytes, long seed) throws IOException {
    byte[] random = new byte[CHUNK_BYTES];
    new SplittableRandom(seed).nextBytes(random);
    ByteBuffer chunk = ByteBuffer.allocateDirect(random.length).put(random);
    try (FileChannel file =
        FileChannel.open(path, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
      for (long at = 0; at < bytes; at += chunk.capacity()) {
        chunk.clear().putLong(0, at).limit((int) Math.min(chunk.capacity(), bytes - at));
        file.write(chunk);
      }
      file.force(true);
    }
  }

  /// What was written before is on the disk, and the machine is quiet, when the clock starts.
  private void take(Path said, Figures figures, MountedSystem system, Path folder, Work work)
      throws IOException, InterruptedException {
    run(said, "sync");
    quiet.await();
    long startNanos = System.nanoTime();
    work.run(folder);
    figures.add(system.name(), ReadSpeed.secondsSince(startNanos));
  }

  private static void table(Section section, List<MountedSystem> systems, List<Figures> all) {
    Table table = new Table(List.of("seconds", "large file", "tar x", "git clone"));
    for (MountedSystem system : systems) {
      List<String> figures =
          all.stream().map(of -> Target.figure(of.of(system.name()).median())).toList();
      table.add(system.name(), figures.get(0), figures.get(1), figures.get(2));
    }
    section.table(table);
  }

  private static void targets(Section section, Figures large, Figures unpacked, Figures cloned) {
    section.target(
        Target.atLeast(
            "large file: speed, of native",
            1 / large.ratio(MountedSystem.POTLUCK, MountedSystem.NATIVE),
            LARGE_OF_NATIVE,
            ""));
    compared(section, "tar x", unpacked);
    compared(section, "git clone", cloned);
  }

  private static void compared(Section section, String what, Figures figures) {
    beside(section, what, figures, MountedSystem.POTLUCK, SshfsMount.NAME);
    beside(section, what, figures, THREE, GlusterMount.NAME);
    section.target(
        Target.atMost(
            what + ", async: time, of native's",
            figures.ratio(ASYNC, MountedSystem.NATIVE),
            ASYNC_OF_NATIVE,
            ""));
  }

  private static void beside(
      Section section, String what, Figures figures, String system, String rival) {
    if (figures.names().contains(rival)) {
      section.target(
          Target.atMost(
              "%s, %s: time, of that of %s".formatted(what, system, rival),
              figures.ratio(system, rival),
              1,
              ""));
    }
  }
}
