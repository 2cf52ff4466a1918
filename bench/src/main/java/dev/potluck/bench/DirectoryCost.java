package dev.potluck.bench;

import dev.potluck.content.ContentId;
import dev.potluck.content.Name;
import dev.potluck.content.Root;
import dev.potluck.content.Version;
import dev.potluck.directory.Announced;
import dev.potluck.directory.Announcement;
import dev.potluck.directory.Directory;
import dev.potluck.directory.Endpoint;
import dev.potluck.directory.Fact;
import dev.potluck.directory.Hello;
import dev.potluck.directory.Leases;
import dev.potluck.directory.PeerId;
import dev.potluck.directory.Proposal;
import dev.potluck.directory.Reason;
import dev.potluck.directory.Result;
import dev.potluck.directory.Tracker;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/// What the directory's state machine costs in this process: bytes a name and a holder, and how
/// many announcements and finds a second of its thread's processor time it takes.
///
/// @param nameBytes beyond the name itself, with its first holder
/// @param learned new facts a second
/// @param unchanged known facts a second, in a full list
record DirectoryCost(
    double nameBytes, double holderBytes, double learned, double unchanged, double finds) {
  private static final Instant NOW = Instant.parse("2026-11-21T12:00:00Z");
  private static final int BATCH = 1_000;
  private static final int LOOKED_FOR = 1_000_000;

  /// Each peer but the first has every tenth name.
  private static final int EVERY = 10;

  /// Measures it.
  static DirectoryCost of(int names, int peers) {
    Seat seat = new Seat();
    long empty = heapBytes();
    long began = cpuNanos();
    seat.announce(peer(0), facts(names, 0, 1));
    double learnSeconds = secondsSince(began);
    long named = heapBytes();
    long text = 0;
    for (int i = 0; i < names; i++) {
      text += text(i).getBytes(StandardCharsets.UTF_8).length;
    }
    long copies = 0;
    for (int p = 1; p < peers; p++) {
      copies += seat.announce(peer(p), facts(names, p % EVERY, EVERY));
    }
    long held = heapBytes();
    began = cpuNanos();
    long again = seat.announce(peer(0), facts(names, 0, 1));
    double againSeconds = secondsSince(began);
    SplittableRandom random = new SplittableRandom(1);
    began = cpuNanos();
    long found = 0;
    for (int i = 0; i < LOOKED_FOR; i++) {
      found += seat.tracker.find(name(random.nextInt(names)), NOW).holders().size();
    }
    double findSeconds = secondsSince(began);
    if (found < LOOKED_FOR) {
      throw new IllegalStateException("names without holders");
    }
    return new DirectoryCost(
        (double) (named - empty - text) / names,
        (double) (held - named) / Math.max(1, copies),
        names / learnSeconds,
        again / againSeconds,
        LOOKED_FOR / findSeconds);
  }

  /// The tracker with its host, whose log is nowhere.
  private static final class Seat {
    private final Tracker tracker = new Tracker(new Directory(1), Leases.DEFAULT, NOW, false);

    /// @return how many facts there were
    private long announce(PeerId peer, Iterable<List<Fact>> parts) {
      Hello hello =
          new Hello(peer.text(), new Endpoint("10.0.0.1", 1), new Endpoint("10.0.0.1", 2));
      tracker.enlisting(peer, hello).ifPresent(this::commit);
      int session = tracker.begin(peer, hello, NOW).session();
      long sequence = 0;
      long count = 0;
      for (List<Fact> part : parts) {
        Announced announced =
            tracker.announce(
                session, new Announcement(sequence, sequence == 0, part.isEmpty(), part), NOW);
        announced.proposal().ifPresent(this::commit);
        sequence++;
        count += part.size();
      }
      return count;
    }

    private void commit(Proposal proposal) {
      Result result = tracker.directory().apply(proposal.command(), NOW);
      var _ = tracker.committed(proposal, result, NOW);
    }
  }

  /// Every n-th fact, in parts made as they are needed; the last is empty.
  static Iterable<List<Fact>> facts(int names, int first, int every) {
    return () ->
        new java.util.Iterator<>() {
          private int next = first;
          private boolean ended;

          @Override
          public boolean hasNext() {
            return !ended;
          }

          @Override
          public List<Fact> next() {
            List<Fact> part = new ArrayList<>();
            for (; next < names && part.size() < BATCH; next += every) {
              part.add(fact(next));
            }
            ended = part.isEmpty();
            return part;
          }
        };
  }

  /// That a peer has the i-th name.
  static Fact.Holds fact(int i) {
    ContentId content = new ContentId(new Root(i * 31L, ~i, i, 9), 4_096);
    Version version = Version.file(1 + i % 3, content, NOW.plusMillis(i), 0644);
    return new Fact.Holds(name(i), version, Reason.KEPT, true);
  }

  static Name name(int i) {
    return Name.of(text(i));
  }

  private static String text(int i) {
    int project = 100 + i % 100;
    int module = 100 + i / 100 % 100;
    return "projects/p" + project + "/src/module-" + module + "/File" + (1_000_000 + i) + ".java";
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
}
