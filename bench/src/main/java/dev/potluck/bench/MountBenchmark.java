package dev.potluck.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Everyone's files in a directory: beside the disk's own file system, and beside sshfs.
final class MountBenchmark implements Benchmark {
  private static final int MEBIBYTES = 1024;
  private static final int LOCAL_ROUNDS_MIN = 7;

  /// A first-bytes file is large enough that it can't all come along.
  private static final long FIRST_BYTES = 16L << 20;

  private static final double OPENING_SECONDS = 2;
  private static final String HERE = "here.bin";
  private static final Duration LIMIT = Duration.ofMinutes(5);

  @Override
  public String summary() {
    return "files in a directory, beside sshfs and the disk's own file system";
  }

  @Override
  public Section run(Lab lab) throws IOException, InterruptedException {
    int rounds = lab.options().rounds();
    long bytes = lab.options().bytesOr(MEBIBYTES);
    int names = lab.options().files() * 10;
    Path work = lab.diskFolder();
    Path given = Files.createDirectory(work.resolve("giver"));
    Path taken = Files.createDirectory(work.resolve("taker"));
    lab.say("making files in %s", work);
    LocalReads.file(taken, HERE, bytes / 2);
    int count = make(given, rounds, bytes);
    MountedNames.make(given, names);
    PotluckPeer giver = PotluckPeer.up(lab, Host.LOOPBACK, given, List.of());
    giver.awaitListing(count + 2 * names, listed -> listed.path("holders").size() == 1, LIMIT);
    Path mount = Files.createDirectory(work.resolve("mnt"));
    List<String> mounting = List.of("--mount", mount.toString());
    PotluckPeer taker = PotluckPeer.join(lab, Host.LOOPBACK, taken, giver, mounting);
    taker.awaitListing(count + 2 * names + 1, listed -> listed.path("holders").size() == 1, LIMIT);
    Optional<String> missing = SshfsMount.missing();
    Optional<Path> givenBySsh = missing.isEmpty() ? bySsh(lab, given) : Optional.empty();
    Optional<Path> takenBySsh = missing.isEmpty() ? bySsh(lab, taken) : Optional.empty();
    Section section =
        new Section("The mount")
            .paragraph(
                """
                A party of two on one machine. What the second peer has itself is read through its
                mount, straight from its share (native) and through sshfs: %d MiB, by calls of 1
                MiB in order, and by calls of 4 KiB at random places. What only the first has is
                read through the second's mount, fetched and verified meanwhile, and through sshfs:
                each file once. sshfs: an sshd on loopback, AES-128-GCM, no compression. Cold: the
                kernel was made to forget pages, or names.""",
                (bytes / 2) >> 20);
    new LocalReads(lab, HERE, systems(mount, taken, takenBySsh))
        .measure(Math.max(LOCAL_ROUNDS_MIN, rounds), section);
    new RemoteReads(lab, work, mount, givenBySsh).measure(rounds, section);
    new MountedNames(lab, names, systems(mount, given, givenBySsh)).measure(rounds, section);
    opening(lab, taken, taker, mounting, section);
    return Machine.sign(section, lab, missing.stream().toList());
  }

  private static List<MountedSystem> systems(Path mount, Path disk, Optional<Path> sshfs) {
    List<MountedSystem> systems = new ArrayList<>();
    systems.add(new MountedSystem(MountedSystem.POTLUCK, mount));
    systems.add(new MountedSystem(MountedSystem.NATIVE, disk));
    sshfs.ifPresent(folder -> systems.add(new MountedSystem(SshfsMount.NAME, folder)));
    return systems;
  }

  private static Optional<Path> bySsh(Lab lab, Path source)
      throws IOException, InterruptedException {
    return Optional.of(SshfsMount.of(lab, source, lab.diskFolder()).folder());
  }

  /// @return how many
  private static int make(Path given, int rounds, long bytes) throws IOException {
    for (int i = 0; i < RemoteReads.FIRSTS; i++) {
      LocalReads.file(given, RemoteReads.first(i), FIRST_BYTES);
    }
    for (int i = 0; i < rounds; i++) {
      LocalReads.file(given, RemoteReads.big(i), bytes / 2);
      LocalReads.file(given, RemoteReads.summed(i), bytes);
    }
    for (int i = 0; i < RemoteReads.READERS; i++) {
      LocalReads.file(given, RemoteReads.reader(i), (long) RemoteReads.READER_MEBIBYTES << 20);
    }
    return RemoteReads.FIRSTS + 2 * rounds + RemoteReads.READERS;
  }

  /// From `up` to `ready`, by a peer that knows the party.
  private static void opening(
      Lab lab, Path share, PotluckPeer running, List<String> mounting, Section section)
      throws IOException, InterruptedException {
    List<Double> seconds = new ArrayList<>();
    PotluckPeer peer = running;
    for (int i = 0; i < lab.options().rounds(); i++) {
      peer.close();
      long startNanos = System.nanoTime();
      peer = PotluckPeer.up(lab, Host.LOOPBACK, share, mounting);
      seconds.add(ReadSpeed.secondsSince(startNanos));
      lab.say("up to ready: %.2f s", seconds.getLast());
    }
    Statistics took = Statistics.of(seconds);
    section
        .paragraph(
            "From `up` to `ready`, names known: %.2f s (%.2f to %.2f).",
            took.median(), took.least(), took.greatest())
        .target(Target.atMost("mount: up to ready", took.median(), OPENING_SECONDS, "s"));
  }
}
