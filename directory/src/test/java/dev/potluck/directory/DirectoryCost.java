package dev.potluck.directory;

import dev.potluck.content.ContentId;
import dev.potluck.content.Name;
import dev.potluck.content.Root;
import dev.potluck.content.Version;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/// Prints what the directory costs with many names and peers: bytes a name and holder, facts and
/// finds a second of its thread's
/// processor time. A main class, not a test: its figures depend on the machine.
///
///     java -Xmx4g -cp … dev.potluck.directory.DirectoryCost 1000000 100
final class DirectoryCost {
  private static final int BATCH = 4_096;

  private final int names;
  private final int peers;
  private final Seat seat = Seat.fresh();
  private final Random random = new Random(1);

  private DirectoryCost(int names, int peers) {
    this.names = names;
    this.peers = peers;
  }

  public static void main(String[] args) {
    new DirectoryCost(
            args.length > 0 ? Integer.parseInt(args[0]) : 1_000_000,
            args.length > 1 ? Integer.parseInt(args[1]) : 100)
        .run();
  }

  private void run() {
    long empty = heapBytes();
    long began = cpuNanos();
    announceNew();
    double learnSeconds = secondsSince(began);
    long withNames = heapBytes();
    long text = 0;
    for (int i = 0; i < names; i++) {
      text += text(i).getBytes(StandardCharsets.UTF_8).length;
    }
    double perName = (double) (withNames - empty - text) / names;
    say(
        "%,d names of %d bytes: %.1f bytes a name beyond it, with its first holder",
        names, text / names, perName);
    say("new facts, judged, applied and recorded: %,.0f/s", names / learnSeconds);
    announceByOthers();
    long copies = (long) (peers - 1) * (names / 10);
    say(
        "%d peers of %,d names: %.1f bytes a holder",
        peers, names / 10, (double) (heapBytes() - withNames) / copies);
    announceUnchanged();
    find();
    list();
    watch();
    dropSession();
  }

  private void announceNew() {
    PeerId peer = peer(0);
    seat.hello(peer);
    List<Fact> facts = new ArrayList<>();
    for (int i = 0; i < names; i++) {
      facts.add(fact(i));
      if (facts.size() == BATCH || i == names - 1) {
        seat.tracker
            .announce(
                seat.session(peer), new Announcement(i, i < BATCH, i == names - 1, facts), seat.now)
            .proposal()
            .ifPresent(
                proposal ->
                    seat.tracker.committed(
                        proposal,
                        seat.tracker.directory().apply(proposal.command(), seat.now),
                        seat.now));
        facts.clear();
      }
    }
  }

  private void announceByOthers() {
    for (int p = 1; p < peers; p++) {
      seat.hello(peer(p));
      List<Fact> facts = new ArrayList<>();
      int first = random.nextInt(10);
      for (int i = first; i < names; i += 10) {
        facts.add(fact(i));
      }
      seat.tracker.announce(seat.session(peer(p)), Announcement.full(p, facts), seat.now);
    }
  }

  private void announceUnchanged() {
    List<Fact> facts = new ArrayList<>();
    for (int i = 0; i < 100_000; i++) {
      facts.add(fact(random.nextInt(names)));
    }
    PeerId peer = peer(0);
    for (int round = 0; round < 5; round++) {
      long began = cpuNanos();
      seat.tracker.announce(seat.session(peer), Announcement.delta(round, facts), seat.now);
      double delta = secondsSince(began);
      began = cpuNanos();
      seat.tracker.announce(seat.session(peer(1)), Announcement.full(round, facts), seat.now);
      say(
          "100,000 unchanged facts: as a delta %,.0f/s, as a full list %,.0f/s",
          100_000 / delta, 100_000 / secondsSince(began));
    }
  }

  private void find() {
    for (int round = 0; round < 3; round++) {
      long began = cpuNanos();
      long found = 0;
      for (int i = 0; i < 1_000_000; i++) {
        found += seat.tracker.find(name(random.nextInt(names)), seat.now).holders().size();
      }
      say("finds: %,.0f/s, %.1f holders each", 1_000_000 / secondsSince(began), found / 1e6);
    }
  }

  private void list() {
    Name folder = Name.of(text(0).substring(0, text(0).lastIndexOf('/')));
    long began = cpuNanos();
    int listed = 0;
    for (int i = 0; i < 1_000; i++) {
      listed += seat.tracker.list(folder, null, null, 100, seat.now).size();
    }
    say("pages of %d names under a prefix: %,.0f/s", listed / 1_000, 1_000 / secondsSince(began));
  }

  private void watch() {
    long began = cpuNanos();
    Watch watch = seat.tracker.directory().watch(0, 0);
    long entries = 0;
    while (true) {
      Changes part = watch.next(BATCH).orElseThrow();
      entries += part.entries().size();
      if (part.last()) {
        break;
      }
    }
    say("snapshot for a watcher: %,.0f entries/s", entries / secondsSince(began));
  }

  private void dropSession() {
    long began = cpuNanos();
    seat.tracker.end(seat.session(peer(0)));
    say("dropping a session of %,d facts: %.1f us", names, secondsSince(began) * 1e6);
  }

  private Fact fact(int i) {
    ContentId content = new ContentId(new Root(i * 31L, ~i, i, 9), 4_096);
    Version version = Version.file(1 + i % 3, content, Seat.START.plusMillis(i), 0644);
    return new Fact.Holds(name(i), version, Reason.KEPT, true);
  }

  private static Name name(int i) {
    return Name.of(text(i));
  }

  private static String text(int i) {
    return "projects/p"
        + (100 + i % 100)
        + "/src/module-"
        + (100 + i / 100 % 100)
        + "/File"
        + (1_000_000 + i)
        + ".java";
  }

  private static PeerId peer(int i) {
    String digits = Integer.toString(i, 6).replace('0', 'a').replace('1', 'b');
    return PeerId.of("p".repeat(PeerId.LENGTH - digits.length()) + digits);
  }

  private static long heapBytes() {
    for (int i = 0; i < 3; i++) {
      System.gc();
    }
    Runtime runtime = Runtime.getRuntime();
    return runtime.totalMemory() - runtime.freeMemory();
  }

  /// Of this thread alone: the machine may have other work.
  private static long cpuNanos() {
    return ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
  }

  private static double secondsSince(long began) {
    return (cpuNanos() - began) / 1e9;
  }

  private static void say(String format, Object... values) {
    System.out.printf(format + "%n", values);
  }
}
