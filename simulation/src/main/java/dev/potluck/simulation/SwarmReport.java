package dev.potluck.simulation;

import java.util.Locale;

/// What came of a {@link SwarmScenario}.
///
/// @param completed how many of the peers that were to complete did
/// @param expected how many were to: all that did not crash for good
/// @param seedsSentBytes what the seeds sent; once the size is the least
/// @param wastedBytes received twice or corrupt
/// @param unverified pieces that a peer counts and that were never verified there
/// @param traceHash of every delivery, with time and parties
public record SwarmReport(
    SwarmScenario scenario,
    int completed,
    int expected,
    double meanSeconds,
    double lastSeconds,
    long seedsSentBytes,
    long wastedBytes,
    int unverified,
    int dropped,
    long events,
    long traceHash) {

  public boolean isComplete() {
    return completed == expected;
  }

  /// The last completion, in lower bounds.
  public double ratio() {
    return lastSeconds / scenario.lowerBoundSeconds();
  }

  @Override
  public String toString() {
    return String.format(
        Locale.ROOT,
        "%d seed(s), %d peers, %.0f MiB: %d of %d complete, mean %.3f s, last %.3f s, bound %.3f s,"
            + " ratio %.3f; seeds sent %.2f copies, wasted %.2f %%, %d dropped, seed %d, trace"
            + " %016x",
        scenario.seeds(),
        scenario.peers(),
        scenario.sizeBytes() / 1048576.0,
        completed,
        expected,
        meanSeconds,
        lastSeconds,
        scenario.lowerBoundSeconds(),
        ratio(),
        (double) seedsSentBytes / scenario.sizeBytes(),
        100.0 * wastedBytes / ((double) scenario.sizeBytes() * scenario.peers()),
        dropped,
        scenario.seed(),
        traceHash);
  }
}
