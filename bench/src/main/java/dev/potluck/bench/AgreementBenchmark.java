package dev.potluck.bench;

import dev.potluck.content.ContentId;
import dev.potluck.content.FailedException;
import dev.potluck.content.Name;
import dev.potluck.content.UnavailableException;
import dev.potluck.content.Version;
import dev.potluck.directory.Fact;
import dev.potluck.directory.Reason;
import dev.potluck.wire.CommitOutcome;
import dev.potluck.wire.WireThreads;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicLong;

/// What it costs to agree: commits to a directory that three machines keep, and how long nothing is
/// committed when the one that leads dies.
final class AgreementBenchmark implements Benchmark {
  private static final int SEATS = 3;
  private static final int MACHINES = 16;
  private static final int CLIENTS = 64;
  private static final int DEATHS = 20;
  private static final double WARM_SECONDS = 40;
  private static final double MEASURED_SECONDS = 10;
  private static final Duration TIMEOUT = Duration.ofSeconds(10);
  private static final Duration SHORT = Duration.ofSeconds(1);
  private static final Duration LIMIT = Duration.ofMinutes(2);
  private static final double COMMITS_MIN = 5_000;
  private static final double MANY_P50_MS_MAX = 15;
  private static final double ONE_P50_MS_MAX = 4;
  private static final double MEDIAN_SECONDS_MAX = 1;
  private static final double P95_SECONDS_MAX = 2;
  private static final double WORST_SECONDS_MAX = 5;

  private final AtomicLong made = new AtomicLong();

  private record Speed(List<Double> milliseconds, double perSecond) {
    double p(double quantile) {
      return Statistics.percentile(milliseconds, quantile);
    }
  }

  @Override
  public String summary() {
    return "commits to a directory that three machines keep; deaths of the one that leads";
  }

  @Override
  public Section run(Lab lab) throws IOException, InterruptedException {
    Path work = lab.diskFolder();
    List<PotluckPeer> peers = new ArrayList<>();
    peers.add(PotluckPeer.up(lab, Host.LOOPBACK, work.resolve("seat-0"), List.of()));
    for (int i = 1; i < SEATS; i++) {
      Path share = work.resolve("seat-" + i);
      peers.add(PotluckPeer.join(lab, Host.LOOPBACK, share, peers.getFirst(), List.of()));
    }
    awaitSeats(peers);
    WireThreads threads = lab.keep(new WireThreads());
    List<DirectoryCaller> callers = new ArrayList<>();
    for (int i = 0; i < MACHINES; i++) {
      DirectoryCaller caller =
          new DirectoryCaller(threads, work.resolve("client-" + i), peers.getFirst());
      callers.add(lab.keep(caller));
    }
    var _ = speed(callers, CLIENTS, WARM_SECONDS);
    Speed many = speed(callers, CLIENTS, MEASURED_SECONDS);
    lab.say("%d clients: %.0f commits/s, p50 %.2f ms", CLIENTS, many.perSecond(), many.p(0.5));
    Speed one = speed(callers, 1, MEASURED_SECONDS);
    lab.say("one client: %.0f commits/s, p50 %.2f ms", one.perSecond(), one.p(0.5));
    List<Double> gaps = new ArrayList<>();
    for (int i = 0; i < DEATHS; i++) {
      gaps.add(death(lab, peers, callers.getFirst()));
      lab.say("the leader is killed: %.2f s without a commit", gaps.getLast());
    }
    return section(lab, many, one, gaps);
  }

  private static Section section(Lab lab, Speed many, Speed one, List<Double> gaps)
      throws IOException {
    Table table = new Table(List.of("commits", CLIENTS + " clients", "one client"));
    table.add("a second", Target.figure(many.perSecond()), Target.figure(one.perSecond()));
    for (double quantile : new double[] {0.5, 0.99, 1}) {
      table.add(
          quantile == 1 ? "slowest, ms" : "p%.0f, ms".formatted(quantile * 100),
          "%.2f".formatted(many.p(quantile)),
          "%.2f".formatted(one.p(quantile)));
    }
    double median = Statistics.percentile(gaps, 0.5);
    double p95 = Statistics.percentile(gaps, 0.95);
    double worst = Statistics.percentile(gaps, 1);
    Section section =
        new Section("A directory that three machines keep")
            .paragraph(
                """
                Three peers in processes of their own on this machine, their logs on its disk and
                synced. %d clients, four a machine with a certificate of its own, make new names,
                each at once again when it was answered. Then the peer that leads is killed (-9)
                %d times; the gap is from then to the next commit of a client that tries on.""",
                CLIENTS, DEATHS)
            .table(table)
            .paragraph(
                "Without commits after a death: median %.2f s, 19 of 20 within %.2f s, longest %.2f s."
                    .formatted(median, p95, worst))
            .target(
                Target.atLeast("commits, 64 clients", many.perSecond(), COMMITS_MIN, "a second"))
            .target(Target.atMost("commits, 64 clients: p50", many.p(0.5), MANY_P50_MS_MAX, "ms"))
            .target(Target.atMost("commits, one client: p50", one.p(0.5), ONE_P50_MS_MAX, "ms"))
            .target(Target.atMost("leader dies: median gap", median, MEDIAN_SECONDS_MAX, "s"))
            .target(Target.atMost("leader dies: 19 of 20", p95, P95_SECONDS_MAX, "s"))
            .target(Target.atMost("leader dies: longest gap", worst, WORST_SECONDS_MAX, "s"));
    return Machine.sign(section, lab, List.of());
  }

  private static void awaitSeats(List<PotluckPeer> peers) throws InterruptedException {
    for (PotluckPeer peer : peers) {
      peer.await(
          "status",
          Map.of(),
          LIMIT,
          status -> status.path("directory").path("members").size() == SEATS);
    }
  }

  private Speed speed(List<DirectoryCaller> callers, int clients, double seconds)
      throws IOException, InterruptedException {
    List<Callable<List<Double>>> tasks = new ArrayList<>();
    for (int i = 0; i < clients; i++) {
      DirectoryCaller caller = callers.get(i % callers.size());
      tasks.add(() -> commits(caller, seconds));
    }
    long began = System.nanoTime();
    List<Double> all = Together.all(clients, tasks).stream().flatMap(List::stream).toList();
    return new Speed(all, all.size() / ((System.nanoTime() - began) / 1e9));
  }

  private List<Double> commits(DirectoryCaller caller, double seconds) {
    List<Double> milliseconds = new ArrayList<>();
    long end = System.nanoTime() + (long) (seconds * 1e9);
    while (System.nanoTime() < end) {
      long began = System.nanoTime();
      commit(caller, TIMEOUT);
      milliseconds.add((System.nanoTime() - began) / 1e6);
    }
    return milliseconds;
  }

  private void commit(DirectoryCaller caller, Duration timeout) {
    Name name = Name.of("made/" + made.incrementAndGet());
    Version version = Version.file(1, ContentId.EMPTY, Instant.EPOCH, 0644);
    CommitOutcome outcome =
        caller.client().commit(List.of(new Fact.Edited(name, 0, version, Reason.KEPT)), timeout);
    if (outcome instanceof CommitOutcome.Refused(_, var why, _)) {
      throw new FailedException(name + " was refused: " + why);
    }
  }

  /// Kills who leads, and brings it back.
  ///
  /// @return for how long nothing could be committed, in seconds
  private double death(Lab lab, List<PotluckPeer> peers, DirectoryCaller caller)
      throws IOException, InterruptedException {
    caller.members(peers);
    commit(caller, TIMEOUT);
    String leader =
        peers.getFirst().ask("status", Map.of()).path("directory").path("leader").asString("");
    PotluckPeer leading =
        peers.stream()
            .filter(peer -> peer.address().equals(leader))
            .findFirst()
            .orElseThrow(() -> new FailedException("nobody leads at " + leader));
    long began = System.nanoTime();
    leading.kill();
    while (true) {
      try {
        commit(caller, SHORT);
        break;
      } catch (UnavailableException e) {
        if (System.nanoTime() - began > LIMIT.toNanos()) {
          throw e;
        }
      }
    }
    double gap = (System.nanoTime() - began) / 1e9;
    peers.set(
        peers.indexOf(leading), PotluckPeer.up(lab, Host.LOOPBACK, leading.share(), List.of()));
    for (PotluckPeer peer : peers) {
      peer.await(
          "status",
          Map.of(),
          LIMIT,
          status -> status.path("directory").path("state").asString("").equals("connected"));
    }
    return gap;
  }
}
