package dev.potluck.bench;

import dev.potluck.content.Name;
import dev.potluck.content.NoSuchNameException;
import dev.potluck.content.UnavailableException;
import dev.potluck.directory.Announcement;
import dev.potluck.directory.Endpoint;
import dev.potluck.directory.Fact;
import dev.potluck.directory.FactDigest;
import dev.potluck.directory.Hello;
import dev.potluck.directory.Load;
import dev.potluck.directory.Verdict;
import dev.potluck.wire.Heartbeat;
import dev.potluck.wire.Session;
import dev.potluck.wire.SessionEvents;
import dev.potluck.wire.WireThreads;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;

/// Finds through real gRPC and mutual TLS: a tracker in a process of its own, which a peer tells of
/// many names, and clients that ask for names at random, each at once again when it is answered.
///
/// @param announced facts a second, over the wire and judged
/// @param milliseconds of every find that was measured
record FindLatency(double announced, List<Double> milliseconds, double findsPerSecond) {
  private static final int CLIENTS = 16;
  private static final Duration TIMEOUT = Duration.ofSeconds(10);
  private static final double HEARTBEAT_SECONDS = 3;
  private static final int WARM_ROUNDS = 2;
  private static final int MEASURED_ROUNDS = 4;

  static FindLatency of(Lab lab, int names) throws IOException, InterruptedException {
    Path work = lab.diskFolder();
    PotluckPeer tracker =
        PotluckPeer.tracker(lab, Host.LOOPBACK, work.resolve("tracker"), List.of("--memory"));
    // One set of threads for all: they are to load the tracker, not the machine.
    WireThreads threads = lab.keep(new WireThreads());
    DirectoryCaller holder =
        lab.keep(new DirectoryCaller(threads, work.resolve("holder"), tracker));
    List<DirectoryCaller> callers = new ArrayList<>();
    for (int i = 0; i < CLIENTS; i++) {
      callers.add(lab.keep(new DirectoryCaller(threads, work.resolve("client-" + i), tracker)));
    }
    Endpoint nowhere = new Endpoint("127.0.0.1", 1);
    Session session =
        holder.client().session(new Hello("holder", nowhere, nowhere), new Unheard(), TIMEOUT);
    long began = System.nanoTime();
    FactDigest digest = announce(session, names);
    awaitKnown(holder, names - 1);
    double announced = names / ((System.nanoTime() - began) / 1e9);
    lab.say("announced %d names: %.0f/s", names, announced);
    List<Double> all = new ArrayList<>();
    double seconds = 0;
    for (int round = 0; round < WARM_ROUNDS + MEASURED_ROUNDS; round++) {
      session.heartbeat(new Heartbeat(Load.NONE, digest));
      long start = System.nanoTime();
      List<Double> one = round(callers, names, round);
      if (round >= WARM_ROUNDS) {
        all.addAll(one);
        seconds += (System.nanoTime() - start) / 1e9;
      }
    }
    session.close();
    return new FindLatency(announced, all, all.size() / seconds);
  }

  private static FactDigest announce(Session session, int names) {
    FactDigest digest = FactDigest.EMPTY;
    long sequence = 0;
    for (List<Fact> part : DirectoryCost.facts(names, 0, 1)) {
      for (Fact fact : part) {
        digest = digest.with((Fact.Holds) fact);
      }
      session.announce(new Announcement(sequence, sequence == 0, part.isEmpty(), part));
      sequence++;
    }
    return digest;
  }

  /// Waits until the directory has come to a name: facts of a session keep their order.
  private static void awaitKnown(DirectoryCaller caller, int last) throws InterruptedException {
    Quiet pause = new Quiet();
    long deadline = System.nanoTime() + Duration.ofMinutes(3).toNanos();
    while (true) {
      try {
        var _ = caller.client().find(DirectoryCost.name(last), TIMEOUT);
        return;
      } catch (NoSuchNameException | UnavailableException e) {
        if (System.nanoTime() > deadline) {
          throw e;
        }
      }
      pause.forSeconds(0.05);
    }
  }

  /// All clients, as long as the directory may go without a heartbeat.
  private static List<Double> round(List<DirectoryCaller> callers, int names, int round)
      throws IOException, InterruptedException {
    List<Callable<List<Double>>> tasks = new ArrayList<>();
    for (int i = 0; i < callers.size(); i++) {
      DirectoryCaller caller = callers.get(i);
      SplittableRandom random = new SplittableRandom(round * 1_000L + i);
      tasks.add(() -> finds(caller, names, random));
    }
    return Together.all(callers.size(), tasks).stream().flatMap(List::stream).toList();
  }

  private static List<Double> finds(DirectoryCaller caller, int names, SplittableRandom random) {
    List<Double> milliseconds = new ArrayList<>();
    long end = System.nanoTime() + (long) (HEARTBEAT_SECONDS * 1e9);
    while (System.nanoTime() < end) {
      long began = System.nanoTime();
      var found = caller.client().find(DirectoryCost.name(random.nextInt(names)), TIMEOUT);
      milliseconds.add((System.nanoTime() - began) / 1e6);
      if (found.holders().isEmpty()) {
        throw new UnavailableException("the holder is away: " + found.entry().name());
      }
    }
    return milliseconds;
  }

  /// Whoever announces here has asked for nothing.
  private static final class Unheard implements SessionEvents {
    @Override
    public void verdicts(long sequence, List<Verdict> verdicts) {}

    @Override
    public void sendAll() {}

    @Override
    public void judged(long sequence) {}

    @Override
    public void lockWanted(Name name, long token) {}

    @Override
    public void lost(String why) {}
  }
}
