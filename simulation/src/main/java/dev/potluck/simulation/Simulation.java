package dev.potluck.simulation;

import dev.potluck.directory.PeerId;
import java.util.ArrayList;
import java.util.List;

/// Whole swarms in one thread and in virtual time, over the real state machines of `exchange`.
public final class Simulation {
  private static final String ALPHABET = "abcdefghijklmnopqrstuvwxyz234567";
  private static final long DIRECTORY_TICK_NANOS = 1_000_000_000L;
  private static final double SECONDS_AWAY_MIN = 0.5;
  private static final double SECONDS_AWAY_MAX = 4;

  private final Swarm swarm;
  private final List<SimulatedPeer> seeds = new ArrayList<>();
  private final List<SimulatedPeer> peers = new ArrayList<>();
  private int gone;

  private Simulation(SwarmScenario scenario) {
    this.swarm = new Swarm(scenario);
  }

  /// Runs a scenario to its end: every peer that is to complete did, or the time is up.
  public static SwarmReport run(SwarmScenario scenario) {
    Simulation simulation = new Simulation(scenario);
    simulation.populate();
    simulation.scheduleCrashes();
    simulation.scheduleDirectory();
    simulation.play();
    return simulation.report();
  }

  private void populate() {
    SwarmScenario scenario = swarm.scenario;
    for (int i = 0; i < scenario.seeds() + scenario.peers(); i++) {
      boolean whole = i < scenario.seeds();
      boolean liar = i >= scenario.seeds() + scenario.peers() - scenario.liars();
      SimulatedPeer peer = new SimulatedPeer(i, id(i), swarm, whole, liar);
      swarm.add(peer);
      (whole ? seeds : peers).add(peer);
      long at = whole ? 0 : swarm.random.nextLong(scenario.arrivals().toNanos() + 1);
      swarm.events.at(at, peer::start);
    }
  }

  private void scheduleCrashes() {
    SwarmScenario scenario = swarm.scenario;
    double span = scenario.lowerBoundSeconds();
    for (int i = 0; i < scenario.crashes(); i++) {
      SimulatedPeer peer = peers.get(i);
      boolean silent = swarm.random.nextBoolean();
      long at = (long) (1e9 * swarm.random.nextDouble(0.05 * span, 0.9 * span));
      swarm.events.at(at, () -> peer.crash(silent));
      if (scenario.crashedReturn()) {
        double away = swarm.random.nextDouble(SECONDS_AWAY_MIN, SECONDS_AWAY_MAX);
        swarm.events.at(at + (long) (1e9 * away), peer::start);
      } else {
        peer.isToDie();
        gone++;
      }
    }
  }

  private void scheduleDirectory() {
    swarm.directory.tick();
    swarm.events.after(DIRECTORY_TICK_NANOS, this::scheduleDirectory);
  }

  private void play() {
    long endNanos = swarm.scenario.limit().toNanos();
    while (swarm.complete < swarm.scenario.peers() - gone && swarm.events.step(endNanos)) {}
  }

  private SwarmReport report() {
    List<SimulatedPeer> expected =
        peers.subList(swarm.scenario.crashedReturn() ? 0 : gone, peers.size());
    List<SimulatedPeer> done = expected.stream().filter(SimulatedPeer::isComplete).toList();
    return new SwarmReport(
        swarm.scenario,
        done.size(),
        expected.size(),
        done.stream().mapToDouble(SimulatedPeer::completedSeconds).average().orElse(Double.NaN),
        done.stream().mapToDouble(SimulatedPeer::completedSeconds).max().orElse(Double.NaN),
        seeds.stream().mapToLong(seed -> seed.link.sentBytes).sum(),
        swarm.wastedBytes,
        peers.stream().mapToInt(SimulatedPeer::unverified).sum(),
        swarm.dropped,
        swarm.events.scheduled(),
        swarm.traceHash);
  }

  private static PeerId id(int number) {
    StringBuilder text = new StringBuilder();
    for (int i = PeerId.LENGTH - 1; i >= 0; i--) {
      text.append(ALPHABET.charAt(5 * i < Integer.SIZE ? (number >>> (5 * i)) & 31 : 0));
    }
    return PeerId.of(text.toString());
  }

  /// Prints the flash crowds of the given sizes: `[PEERS…] [seed=N]`.
  public static void main(String[] args) {
    long seed = 1;
    List<Integer> sizes = new ArrayList<>();
    for (String arg : args) {
      if (arg.startsWith("seed=")) {
        seed = Long.parseLong(arg.substring("seed=".length()));
      } else {
        sizes.add(Integer.valueOf(arg));
      }
    }
    for (int size : sizes.isEmpty() ? List.of(8, 16, 100, 1_000) : sizes) {
      System.out.println(run(SwarmScenario.flashCrowd(size, seed)));
    }
  }
}
