package dev.potluck.bench;

import dev.potluck.content.FailedException;
import dev.potluck.simulation.PartyScenario;
import dev.potluck.simulation.PartySimulation;
import dev.potluck.simulation.Simulation;
import dev.potluck.simulation.SwarmReport;
import dev.potluck.simulation.SwarmScenario;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;

/// A flash crowd larger than this machine could run, and parties whose machines and network fail,
/// in virtual time, over the real state machines.
final class SimulateBenchmark implements Benchmark {
  private static final int MEBIBYTES = 64;
  private static final double RATIO_MAX = 1.15;

  /// A thousand seeds are for parties: a swarm of a thousand takes its time.
  private static final int SWARMS_MAX = 3;

  @Override
  public String summary() {
    return "1 seed and 1,000 peers, and parties in trouble, in virtual time";
  }

  @Override
  public Section run(Lab lab) throws IOException, InterruptedException {
    PartyTally tally = parties(lab);
    Section section = swarms(lab);
    return tally.into(section);
  }

  private static PartyTally parties(Lab lab) throws IOException, InterruptedException {
    BenchOptions options = lab.options();
    PartyTally tally = new PartyTally(lab::say);
    List<Callable<Boolean>> runs = new ArrayList<>();
    for (int i = 0; i < options.seeds(); i++) {
      long seed = options.firstSeed() + (long) i;
      PartyScenario scenario =
          options.machines().isPresent()
              ? PartyScenario.of(seed, options.machines().getAsInt())
              : PartyScenario.of(seed);
      runs.add(() -> tally.add(PartySimulation.run(scenario)));
    }
    var _ = Together.all(Runtime.getRuntime().availableProcessors(), runs);
    lab.say("%s", tally);
    if (tally.broken() > 0) {
      throw new FailedException("promises broken: " + tally);
    }
    return tally;
  }

  private static Section swarms(Lab lab) throws IOException, InterruptedException {
    int peers = lab.options().crowd();
    long bytes = lab.options().bytesOr(MEBIBYTES);
    List<Callable<SwarmReport>> runs = new ArrayList<>();
    for (int seed = 1; seed <= Math.min(SWARMS_MAX, lab.options().seeds()); seed++) {
      SwarmScenario scenario = SwarmScenario.flashCrowd(peers, seed).withSize(bytes);
      runs.add(() -> run(lab, scenario));
    }
    // Each is one thread in virtual time: what else the machine does changes no figure.
    List<SwarmReport> reports = Together.all(Runtime.getRuntime().availableProcessors(), runs);
    Table table =
        new Table(
            List.of(
                "seed of chance",
                "bound, s",
                "mean, s",
                "last, s",
                "mean / bound",
                "last / bound",
                "copies the seed sent",
                "sent in vain"));
    for (SwarmReport report : reports) {
      double bound = report.scenario().lowerBoundSeconds();
      table.add(
          Long.toString(report.scenario().seed()),
          "%.3f".formatted(bound),
          "%.3f".formatted(report.meanSeconds()),
          "%.3f".formatted(report.lastSeconds()),
          "%.3f".formatted(report.meanSeconds() / bound),
          "%.3f".formatted(report.ratio()),
          "%.2f".formatted((double) report.seedsSentBytes() / bytes),
          "%.2f %%".formatted(100.0 * report.wastedBytes() / ((double) bytes * peers)));
    }
    double worst = reports.stream().mapToDouble(SwarmReport::ratio).max().orElse(Double.NaN);
    return new Section("Flash crowd, simulated: one seed, %,d peers".formatted(peers))
        .paragraph(
            """
            %d MiB, 100 Mbit/s each way, half a millisecond apart; the classes that the program
            runs, in virtual time. The bound is max(F/us, F/dmin, N F/(us + sum u)).""",
            bytes >> 20)
        .table(table)
        .target(
            Target.atMost(
                "simulate, %,d peers: last peer, in lower bounds, worst seed".formatted(peers),
                worst,
                RATIO_MAX,
                ""));
  }

  private static SwarmReport run(Lab lab, SwarmScenario scenario) {
    SwarmReport report = Simulation.run(scenario);
    lab.say("%s", report);
    if (!report.isComplete() || report.unverified() > 0) {
      throw new FailedException("a simulated peer did not complete: " + report);
    }
    return report;
  }
}
