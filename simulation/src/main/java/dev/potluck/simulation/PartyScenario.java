package dev.potluck.simulation;

import dev.potluck.directory.Leases;
import java.time.Duration;
import java.util.SplittableRandom;

/// A party whose machines and network fail for a while, and then are left in peace.
///
/// @param seed of all chance; the same scenario gives the same history
/// @param seats how many machines keep the directory, the first ones
/// @param names that everybody wants to write
/// @param troubled for how long things go wrong
/// @param memory how long deletions are remembered
public record PartyScenario(
    long seed, int machines, int seats, int names, Duration troubled, Duration memory) {
  private static final int MACHINES_MIN = 5;
  private static final int MACHINES_MAX = 9;
  private static final Duration USUAL = Duration.ofSeconds(60);

  public PartyScenario {
    if (seats < 1 || seats > machines || names < 1) {
      throw new IllegalArgumentException("a party has seats, machines and names");
    }
  }

  /// A small party; the seed says which.
  public static PartyScenario of(long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    int machines = random.nextInt(MACHINES_MIN, MACHINES_MAX + 1);
    int seats = random.nextBoolean() ? 3 : 5;
    return new PartyScenario(
        seed, machines, seats, 2 + 2 * random.nextInt(3), USUAL, Leases.USUAL_MEMORY);
  }

  /// A large one.
  public static PartyScenario of(long seed, int machines) {
    return new PartyScenario(seed, machines, Math.min(5, machines), 12, USUAL, Leases.USUAL_MEMORY);
  }

  /// Whether deletions may be forgotten while it runs.
  boolean forgets() {
    return memory.compareTo(Leases.USUAL_MEMORY) < 0;
  }

  /// The same with a directory that forgets deletions soon, so that machines are away for longer.
  public PartyScenario forgetting(Duration after) {
    return new PartyScenario(seed, machines, seats, names, troubled, after);
  }
}
