package dev.potluck.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/// What a peer costs that has nothing to do: memory, processor, traffic, rescans; and how long it
/// takes to start.
final class IdleBenchmark implements Benchmark {
  /// The large share has so many times the files of the small one.
  private static final int TIMES = 10;

  private static final double MEBIBYTES_MAX = 150;
  private static final double PERCENT_MAX = 1;
  private static final double RESCAN_SECONDS_MAX = 2;
  private static final double REFRESH_BYTES_MAX = 200;
  private static final double REFRESH_SECONDS = 5;

  /// How long until the heap is given back and everything is said.
  private static final double SETTLE_SECONDS = 20;

  private static final Duration LIMIT = Duration.ofMinutes(3);

  @Override
  public String summary() {
    return "an idle peer: memory, processor, traffic, rescans, start";
  }

  @Override
  public Section run(Lab lab) throws IOException, InterruptedException {
    int few = lab.options().files();
    int many = few * TIMES;
    Path work = lab.memoryFolder();
    Section section =
        new Section("A peer with nothing to do")
            .paragraph(
                """
                A peer with %,d files, which keeps its own directory, and one with %,d in another
                party, whose tracker is on a host of its own, watched for %d s at the same time; a
                whole rescan of each lies within every minute. Files of 4 KiB, shares in memory.""",
                few, many, lab.options().seconds());
    Table table = new Table(List.of("figure", "median", "least", "greatest"));
    starts(lab, work, table);
    PotluckPeer small = peerOf(lab, Host.LOOPBACK, work.resolve("small"), few, List.of());
    Optional<String> missing = Hosts.missing();
    Host host = Host.LOOPBACK;
    List<String> joining = List.of();
    if (missing.isEmpty()) {
      Hosts hosts = Hosts.on(lab);
      Path state = work.resolve("tracker");
      PotluckPeer tracker = PotluckPeer.tracker(lab, hosts.add("trk", 0), state, List.of());
      host = hosts.add("peer", 0);
      joining = List.of("--join", tracker.ticket());
    }
    PotluckPeer large = peerOf(lab, host, work.resolve("large"), many, joining);
    rescans(lab, large, many, table, section);
    idle(lab, small, large, missing.isEmpty() ? Optional.of(host) : Optional.empty(), section);
    section.table(table);
    missing.ifPresent(how -> section.paragraph("Bytes per refresh are left out: %s.", how));
    return Machine.sign(section, lab, List.of());
  }

  /// From `up` to `ready`, with an empty share that founds a party.
  private static void starts(Lab lab, Path work, Table table)
      throws IOException, InterruptedException {
    List<Double> seconds = new ArrayList<>();
    for (int i = 0; i <= lab.options().rounds(); i++) {
      long began = System.nanoTime();
      PotluckPeer peer = PotluckPeer.up(lab, Host.LOOPBACK, work.resolve("new-" + i), List.of());
      double took = (System.nanoTime() - began) / 1e9;
      peer.close();
      if (i > 0) { // The first of a build prepares quick starts.
        seconds.add(took);
      }
    }
    add(table, "`up` to `ready`, a new share, s", Statistics.of(seconds));
  }

  private static PotluckPeer peerOf(Lab lab, Host host, Path share, int files, List<String> joining)
      throws IOException, InterruptedException {
    lab.say("making %d files in %s", files, share);
    Trees.small(Files.createDirectory(share).resolve("tree"), files, 1);
    PotluckPeer peer = PotluckPeer.up(lab, host, share, joining);
    peer.awaitListing(files, listed -> listed.path("holders").size() == 1, LIMIT);
    return peer;
  }

  private static void rescans(Lab lab, PotluckPeer large, int files, Table table, Section section) {
    List<Double> seconds = new ArrayList<>();
    for (int i = 0; i < lab.options().rounds(); i++) {
      JsonNode scan = large.update();
      seconds.add(scan.path("seconds").asDouble(Double.NaN));
      lab.say("rescan of %s files: %.3f s", scan.path("files"), seconds.getLast());
    }
    Statistics took = Statistics.of(seconds);
    add(table, "rescan of %,d unchanged files, s".formatted(files), took);
    section.target(
        Target.atMost(
            "idle: rescan of %,d unchanged files".formatted(files),
            took.median(),
            RESCAN_SECONDS_MAX,
            "s"));
  }

  private static void idle(
      Lab lab, PotluckPeer small, PotluckPeer large, Optional<Host> counted, Section section)
      throws IOException, InterruptedException {
    new Quiet().forSeconds(Math.min(SETTLE_SECONDS, lab.options().seconds()));
    int seconds = lab.options().seconds();
    Traffic before = traffic(counted);
    Usage smallBefore = small.usage();
    Usage largeBefore = large.usage();
    long began = System.nanoTime();
    new Quiet().forSeconds(seconds);
    double took = (System.nanoTime() - began) / 1e9;
    Usage smallAfter = small.usage();
    Usage largeAfter = large.usage();
    Traffic passed = traffic(counted).since(before);
    double refreshes = took / REFRESH_SECONDS;
    double percent = 100 * (smallAfter.cpuSeconds() - smallBefore.cpuSeconds()) / took;
    double resident = smallAfter.residentBytes() / (double) (1 << 20);
    Table table =
        new Table(List.of("peer", "resident, MiB", "% of a core", "sent a refresh, bytes"));
    table.add("small", Target.figure(resident), Target.figure(percent), "-");
    double largePercent = 100 * (largeAfter.cpuSeconds() - largeBefore.cpuSeconds()) / took;
    table.add(
        "large",
        Target.figure(largeAfter.residentBytes() / (double) (1 << 20)),
        Target.figure(largePercent),
        counted.isPresent() ? Target.figure(passed.sentBytes() / refreshes) : "-");
    section
        .table(table)
        .target(
            Target.atMost(
                "idle, %,d files: resident".formatted(lab.options().files()),
                resident,
                MEBIBYTES_MAX,
                "MiB"))
        .target(Target.atMost("idle: processor", percent, PERCENT_MAX, "% of a core"));
    if (counted.isPresent()) {
      section.target(
          Target.atMost(
              "idle, %,d files: sent to the tracker a refresh"
                  .formatted(lab.options().files() * TIMES),
              passed.sentBytes() / refreshes,
              REFRESH_BYTES_MAX,
              "bytes"));
    }
  }

  private static Traffic traffic(Optional<Host> host) throws IOException, InterruptedException {
    return host.isPresent() ? Hosts.traffic(host.get()) : new Traffic(0, 0);
  }

  private static void add(Table table, String what, Statistics seconds) {
    table.add(
        what,
        "%.3f".formatted(seconds.median()),
        "%.3f".formatted(seconds.least()),
        "%.3f".formatted(seconds.greatest()));
  }
}
