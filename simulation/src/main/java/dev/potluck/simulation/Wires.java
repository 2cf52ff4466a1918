package dev.potluck.simulation;

import java.util.Arrays;
import java.util.SplittableRandom;

/// What lies between the machines of a party: latency, loss, and ways that are cut, each direction
/// by itself. What one sends another arrives in order, or not at all.
final class Wires {
  private static final long USUAL_NANOS = 3_000_000;
  private static final long RARE_NANOS = 150_000_000;
  private static final double RARE = 0.02;

  private final EventQueue events;
  private final SplittableRandom random;

  /// How many reasons there are for a way to be cut.
  private final int[][] cuts;

  private final long[][] arrivedNanos;
  private double lossRate;

  Wires(EventQueue events, SplittableRandom random, int machines) {
    this.events = events;
    this.random = random;
    this.cuts = new int[machines][machines];
    this.arrivedNanos = new long[machines][machines];
  }

  void cut(int from, int to) {
    cuts[from][to]++;
  }

  void mend(int from, int to) {
    cuts[from][to] = Math.max(0, cuts[from][to] - 1);
  }

  void loses(double rate) {
    lossRate = rate;
  }

  void mendAll() {
    lossRate = 0;
    for (int[] row : cuts) {
      Arrays.fill(row, 0);
    }
  }

  boolean reaches(SimulatedMachine from, SimulatedMachine to) {
    return to.isUp() && cuts[from.number][to.number] == 0;
  }

  /// Carries a message to where the receiver acts on it.
  void send(SimulatedMachine from, SimulatedMachine to, Runnable action) {
    if (!reaches(from, to) || (lossRate > 0 && random.nextDouble() < lossRate)) {
      return;
    }
    long delay = random.nextLong(USUAL_NANOS / 10, USUAL_NANOS);
    if (random.nextDouble() < RARE) {
      delay += random.nextLong(RARE_NANOS);
    }
    long[] arrived = arrivedNanos[from.number];
    arrived[to.number] = Math.max(arrived[to.number], events.nowNanos() + delay);
    int life = to.life();
    events.at(arrived[to.number], () -> to.act(life, action));
  }
}
