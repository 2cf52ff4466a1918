package dev.potluck.simulation;

import java.time.Duration;

/// A flash crowd: `seeds` have a file, `peers` want it, all at the same time.
///
/// @param seed of all chance; the same scenario gives the same trace
/// @param crashes how many peers crash at some time, each to return after a while if `return`
/// @param lossRate of control messages
/// @param lateRate of control messages that take a second longer
/// @param liars peers that send what is not the piece, every time
public record SwarmScenario(
    long seed,
    int seeds,
    int peers,
    long sizeBytes,
    double linkBytesPerSecond,
    Duration latency,
    Duration arrivals,
    int crashes,
    boolean crashedReturn,
    double lossRate,
    double lateRate,
    int liars,
    Duration limit) {

  public SwarmScenario {
    if (seeds < 1 || peers < 1 || sizeBytes < 1 || linkBytesPerSecond <= 0) {
      throw new IllegalArgumentException("a swarm has seeds, peers, a file and links");
    }
    if (crashes + liars > peers) {
      throw new IllegalArgumentException("more crashes and liars than peers");
    }
  }

  /// The crowd of issue 2: one seed, 64 MiB, 100 Mbit/s each way, half a millisecond apart.
  public static SwarmScenario flashCrowd(int peers, long seed) {
    return new SwarmScenario(
        seed,
        1,
        peers,
        64L << 20,
        100e6 / 8,
        Duration.ofNanos(500_000),
        Duration.ofMillis(20),
        0,
        true,
        0,
        0,
        0,
        Duration.ofMinutes(10));
  }

  public SwarmScenario withCrashes(int crashing, boolean returning) {
    return new SwarmScenario(
        seed,
        seeds,
        peers,
        sizeBytes,
        linkBytesPerSecond,
        latency,
        arrivals,
        crashing,
        returning,
        lossRate,
        lateRate,
        liars,
        limit);
  }

  public SwarmScenario withMessages(double lost, double late) {
    return new SwarmScenario(
        seed,
        seeds,
        peers,
        sizeBytes,
        linkBytesPerSecond,
        latency,
        arrivals,
        crashes,
        crashedReturn,
        lost,
        late,
        liars,
        limit);
  }

  public SwarmScenario withLiars(int lying) {
    return new SwarmScenario(
        seed,
        seeds,
        peers,
        sizeBytes,
        linkBytesPerSecond,
        latency,
        arrivals,
        crashes,
        crashedReturn,
        lossRate,
        lateRate,
        lying,
        limit);
  }

  public SwarmScenario withSize(long bytes) {
    return new SwarmScenario(
        seed,
        seeds,
        peers,
        bytes,
        linkBytesPerSecond,
        latency,
        arrivals,
        crashes,
        crashedReturn,
        lossRate,
        lateRate,
        liars,
        limit);
  }

  public SwarmScenario withSeeds(int whole) {
    return new SwarmScenario(
        seed,
        whole,
        peers,
        sizeBytes,
        linkBytesPerSecond,
        latency,
        arrivals,
        crashes,
        crashedReturn,
        lossRate,
        lateRate,
        liars,
        limit);
  }

  public SwarmScenario withLatency(Duration oneWay) {
    return new SwarmScenario(
        seed,
        seeds,
        peers,
        sizeBytes,
        linkBytesPerSecond,
        oneWay,
        arrivals,
        crashes,
        crashedReturn,
        lossRate,
        lateRate,
        liars,
        limit);
  }

  /// No scheme can be done earlier: max(F/us, F/dmin, N F/(us + sum u)).
  public double lowerBoundSeconds() {
    double all = (double) peers * sizeBytes / ((seeds + peers) * linkBytesPerSecond);
    double one = sizeBytes / linkBytesPerSecond;
    return Math.max(one, all);
  }
}
